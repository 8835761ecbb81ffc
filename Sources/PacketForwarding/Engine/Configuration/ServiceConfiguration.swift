/// What is forwarded, how, and to whom.
public struct ServiceConfiguration: Hashable, Sendable, Codable {
    /// The name by which control and statistics refer to it.
    public var name: String
    /// TCP or UDP.
    public var transport: ServiceTransport
    /// The addresses that clients send to: one, or all of a prefix.
    ///
    /// Flows of one client's port to several addresses are told apart; those to one port of two addresses of an IPv6 prefix
    /// but for one pair in 65,536, whose flows share a backend.
    public var address: IPPrefix
    /// The port that clients send to; `nil` for any.
    public var port: UInt16?
    /// How packets get to a backend.
    public var mode: ServiceMode
    /// How new flows are spread.
    public var scheduler: SchedulerName
    /// Who serves.
    public var backends: [BackendConfiguration]
    /// Rows of the Maglev table that hashes are looked up in, a prime number; `nil` for as many as suit the number of backends.
    ///
    /// These are 65,537 for up to 100 backends, 655,373 for up to 1,000, and more beyond. When the number changes, so does the
    /// backend of nearly every hash, and with it that of packets whose flow is not known: those of flows that came from another
    /// balancer, or found the table full, then break. So name a number if there may be more backends some day, about 655 times as
    /// many as there will be; all balancers of a fleet need the same. A row takes two bytes for up to 256 backends, and four for
    /// up to 65,536.
    public var tableSize: Int?
    /// Interfaces that answer ARP requests and neighbour solicitations for the address; `nil` for all.
    public var announce: [String]?
    /// Full NAT: the addresses that backends see.
    public var sourceAddresses: [IPAddress]
    /// Full NAT: the ports that backends see.
    public var sourcePorts: SourcePortRange?
    /// The largest segment that a SYN may announce; `nil` for any.
    public var clampMSS: UInt16?
    /// TCP: whether segments that nobody can take are answered by a RST, and connections to a backend that fails are reset
    /// without waiting for one.
    public var resetOnFailure: Bool
    /// Whether flows of a backend that fails are ended soon, not kept for the case that it comes back.
    public var endOnFailure: Bool
    /// Tunnels: whether IPv4 packets that may be fragmented are, if they are too large.
    public var fragmentInner: Bool
    /// UDP: where a QUIC connection ID names the backend.
    public var quicConnectionID: ConnectionIDLayout?
    /// How long flows live.
    public var timeouts: TimeoutConfiguration
    /// The clients that are one client to the scheduler; `nil` for none.
    public var persistence: PersistenceConfiguration?
    /// The most flows at a time; `nil` for as many as there is room for.
    ///
    /// Beyond it established flows stay and new ones fare as in a full table: direct return and tunnels serve them by the
    /// hash, NAT in place of the service's half-open flow that began first, or not at all. Like all limits of flows it is
    /// that of each worker.
    public var flows: Int?
    /// The most TCP flows that have not been established.
    public var halfOpen: Int?
    /// The most TCP flows that began in their middle.
    public var adopted: Int?

    private enum CodingKeys: String, CodingKey {
        case transport = "protocol"
        case name, address, port, mode, scheduler, backends, tableSize, announce, sourceAddresses, sourcePorts, clampMSS
        case resetOnFailure, endOnFailure, fragmentInner, quicConnectionID, timeouts, persistence, flows, halfOpen
        case adopted
    }

    /// A service with nothing out of the ordinary; the rest is set on its properties.
    ///
    /// - Parameters:
    ///   - name: unique among the services.
    ///   - transport: TCP or UDP.
    ///   - address: an address, or a prefix.
    ///   - port: `nil` for any.
    ///   - mode: how packets get to a backend.
    ///   - scheduler: how new flows are spread.
    ///   - backends: who serves.
    public init(
        name: String, transport: ServiceTransport, address: IPPrefix, port: UInt16?, mode: ServiceMode,
        scheduler: SchedulerName = .maglev, backends: [BackendConfiguration] = []
    ) {
        self.name = name
        self.transport = transport
        self.address = address
        self.port = port
        self.mode = mode
        self.scheduler = scheduler
        self.backends = backends
        sourceAddresses = []
        resetOnFailure = false
        endOnFailure = false
        fragmentInner = false
        timeouts = TimeoutConfiguration()
    }

    /// Reads a service; only name, protocol, address, mode and backends must be given.
    public init(from decoder: any Decoder) throws {
        let values = try decoder.container(keyedBy: CodingKeys.self)
        self.init(
            name: try values.decode(String.self, forKey: .name),
            transport: try values.decode(ServiceTransport.self, forKey: .transport),
            address: try values.decode(IPPrefix.self, forKey: .address),
            port: try values.decodeIfPresent(UInt16.self, forKey: .port),
            mode: try values.decode(ServiceMode.self, forKey: .mode),
            scheduler: try values.decodeIfPresent(SchedulerName.self, forKey: .scheduler) ?? .maglev,
            backends: try values.decode([BackendConfiguration].self, forKey: .backends))
        tableSize = try values.decodeIfPresent(Int.self, forKey: .tableSize)
        announce = try values.decodeIfPresent([String].self, forKey: .announce)
        sourceAddresses = try values.decodeIfPresent([IPAddress].self, forKey: .sourceAddresses) ?? []
        sourcePorts = try values.decodeIfPresent(SourcePortRange.self, forKey: .sourcePorts)
        clampMSS = try values.decodeIfPresent(UInt16.self, forKey: .clampMSS)
        resetOnFailure = try values.decodeIfPresent(Bool.self, forKey: .resetOnFailure) ?? false
        endOnFailure = try values.decodeIfPresent(Bool.self, forKey: .endOnFailure) ?? false
        fragmentInner = try values.decodeIfPresent(Bool.self, forKey: .fragmentInner) ?? false
        quicConnectionID = try values.decodeIfPresent(ConnectionIDLayout.self, forKey: .quicConnectionID)
        timeouts = try values.decodeIfPresent(TimeoutConfiguration.self, forKey: .timeouts) ?? TimeoutConfiguration()
        persistence = try values.decodeIfPresent(PersistenceConfiguration.self, forKey: .persistence)
        flows = try values.decodeIfPresent(Int.self, forKey: .flows)
        halfOpen = try values.decodeIfPresent(Int.self, forKey: .halfOpen)
        adopted = try values.decodeIfPresent(Int.self, forKey: .adopted)
    }
}

/// What a service carries.
public enum ServiceTransport: String, Hashable, Sendable, Codable {
    /// TCP (RFC 9293).
    case tcp
    /// UDP (RFC 768).
    case udp
}

/// How packets get to a backend.
public enum ServiceMode: String, Hashable, Sendable, Codable, CaseIterable, BitwiseCopyable {
    /// The destination becomes the backend's address; answers come back through the engine, which must be on their way.
    case nat
    /// The source becomes an address of ours as well, so that answers come back from anywhere.
    case fullNAT = "full-nat"
    /// Only the station address changes; the backend is on the link, has the service's address, and answers directly.
    case dsr
    /// Inside of IP (RFC 2003, RFC 2473, RFC 4213); the backend answers directly.
    case ipip
    /// Inside of GRE (RFC 2784, RFC 7676); the backend answers directly.
    case gre
    /// Inside of UDP (GUE, variant 1); the backend answers directly.
    case gue

    /// Whether addresses are translated, so that both directions pass.
    public var isNAT: Bool { self == .nat || self == .fullNAT }
    /// Whether there is an outer header.
    public var isTunnel: Bool { self == .ipip || self == .gre || self == .gue }
}

/// A server of a service.
public struct BackendConfiguration: Hashable, Sendable, Codable {
    /// The name by which control and statistics refer to it; unique in its service.
    public var name: String
    /// Its address.
    public var address: IPAddress
    /// Its port; the service's own, where the mode does not translate.
    public var port: UInt16
    /// Its share of new flows; 0 for none.
    public var weight: Int
    /// The number by which QUIC connection IDs name it.
    public var serverID: UInt64?

    /// A backend.
    public init(name: String, address: IPAddress, port: UInt16, weight: Int = 1, serverID: UInt64? = nil) {
        self.name = name
        self.address = address
        self.port = port
        self.weight = weight
        self.serverID = serverID
    }

    /// Reads a backend; weight and server ID may be left out.
    public init(from decoder: any Decoder) throws {
        let values = try decoder.container(keyedBy: CodingKeys.self)
        self.init(
            name: try values.decode(String.self, forKey: .name),
            address: try values.decode(IPAddress.self, forKey: .address),
            port: try values.decode(UInt16.self, forKey: .port),
            weight: try values.decodeIfPresent(Int.self, forKey: .weight) ?? 1,
            serverID: try values.decodeIfPresent(UInt64.self, forKey: .serverID))
    }
}
