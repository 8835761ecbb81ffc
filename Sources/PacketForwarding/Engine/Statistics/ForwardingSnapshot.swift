/// What one engine, or several together, have counted up to one moment.
///
/// Numbers are read one after another while packets flow: each is right, but they need not be of the same instant. Counts
/// of packets only grow; to get rates, take two snapshots. Packets and bytes are those of frames as they came in, whatever
/// left for them.
public struct ForwardingSnapshot: Hashable, Sendable, Codable {
    /// Frames with their bytes.
    public struct Traffic: Hashable, Sendable, Codable {
        /// Frames.
        public var packets: UInt64
        /// Their bytes, Ethernet headers included.
        public var bytes: UInt64

        /// As many frames and bytes.
        public init(packets: UInt64 = 0, bytes: UInt64 = 0) {
            self.packets = packets
            self.bytes = bytes
        }
    }

    /// Flows: how many there are of each kind, and how many there have been.
    public struct Flows: Hashable, Sendable, Codable {
        /// TCP, before the handshake is over.
        public var halfOpen = 0
        /// TCP, established.
        public var established = 0
        /// TCP, ended by FIN or RST and not yet forgotten.
        public var closing = 0
        /// UDP.
        public var datagrams = 0
        /// Those of them, of whatever kind, that began in their middle.
        public var adopted = 0
        /// Flows that began so far, those that began anew or moved to another backend included.
        public var opened: UInt64 = 0
        /// Flows that ended so far because nothing came.
        public var expired: UInt64 = 0
        /// Half-open flows that gave way to others because there was no room.
        public var evicted: UInt64 = 0
        /// Flows that ended because others began in their place: anew, or with another backend.
        public var replaced: UInt64 = 0
        /// Flows that ended because their backend failed.
        public var failed: UInt64 = 0

        /// No flows.
        public init() {}

        /// All flows, each once.
        public var active: Int { halfOpen + established + closing + datagrams }
    }

    /// A backend of a service.
    public struct Backend: Hashable, Sendable, Codable {
        /// Its name.
        public var name: String
        /// Its address and port.
        public var endpoint: Endpoint
        /// What control says of it; ``BackendState/down`` for one that was removed.
        public var state: BackendState
        /// Its weight.
        public var weight: Int
        /// What was sent to it.
        public var sent = Traffic()
        /// What it answered, where that is seen: with NAT.
        public var returned = Traffic()
        /// Its flows.
        public var flows = Flows()
        /// Full NAT: the source ports toward it; `nil` otherwise.
        public var sourcePorts: SourcePortUse?
    }

    /// Source ports of full NAT toward one address and port.
    public struct SourcePortUse: Hashable, Sendable, Codable {
        /// Ports that flows have, those of other services with the same sources included.
        public var used: Int
        /// Ports that there are, of all source addresses that the worker has; those that rest after their release are among
        /// them, though no flow gets one before its rest is over.
        public var available: Int
    }

    /// A service.
    public struct Service: Hashable, Sendable, Codable {
        /// Its name.
        public var name: String
        /// Dropped packets of its clients and backends, by reason.
        public var drops: [DropReason: UInt64] = [:]
        /// Those of them that were answered by an ICMP error or a RST.
        public var answered: UInt64 = 0
        /// Its flows.
        public var flows = Flows()
        /// How many flows it may have; `nil` for as many as there is room for.
        public var flowLimit: Int?
        /// Its backends, those that were removed behind the others.
        public var backends: [Backend] = []

        /// The part of its flow limit that is in use, from 0 to 1, above 1 after the limit was lowered; `nil` without one.
        public var occupancy: Double? {
            flowLimit.map { $0 > 0 ? Double(flows.active) / Double($0) : 1 }
        }
        /// What was sent to its backends.
        public var sent: Traffic { backends.reduce(into: Traffic()) { $0.add($1.sent) } }
        /// What its backends answered, where that is seen: with NAT.
        public var returned: Traffic { backends.reduce(into: Traffic()) { $0.add($1.returned) } }
    }

    /// All frames that came.
    public var received = Traffic()
    /// Frames that were sent on, or answered as ARP requests and echo requests are.
    public var sent: UInt64 = 0
    /// Frames that went to the host's own stack.
    public var passed: UInt64 = 0
    /// Dropped frames by reason.
    public var drops: [DropReason: UInt64] = [:]
    /// Those of them that were answered by an ICMP error or a RST.
    public var answered: UInt64 = 0
    /// Frames that no packet caused.
    public var originated: UInt64 = 0
    /// Frames that were dropped when they came, and sent when they were handled again: they count as both.
    ///
    /// So ``received`` is ``sent``, ``passed`` and all ``drops`` without these.
    public var recovered: UInt64 = 0
    /// The flows of all services.
    public var flows = Flows()
    /// How many flows there may be.
    public var flowLimit = 0
    /// Prefixes of clients that are remembered for services with persistence.
    public var persistentPrefixes = 0
    /// The services, those that were removed behind the others.
    public var services: [Service] = []

    /// A snapshot of nothing, to merge others into.
    public init() {}

    /// The part of the flow table that is in use, from 0 to 1.
    public var occupancy: Double { flowLimit > 0 ? Double(flows.active) / Double(flowLimit) : 0 }
}
