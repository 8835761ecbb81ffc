/// Why the engine does with a frame what it does: the answer to "why did this packet go there".
///
/// It encodes to JSON with the names of its properties; ``description`` says the same in words.
public struct Explanation: Hashable, Sendable, Codable {
    /// What the engine takes a frame for.
    public enum Subject: String, Hashable, Sendable, Codable {
        /// Too short to tell, or its headers contradict one another.
        case unreadable
        /// To another station, or to a group.
        case otherStation = "other-station"
        /// Neither IP nor ARP, or a second tag.
        case otherProtocol = "other-protocol"
        /// Somebody of the link asks for an address.
        case resolution
        /// To an address of a service, but not to the service.
        case otherPort = "other-port"
        /// A client's packet to a service.
        case client
        /// A later fragment, which has no ports.
        case laterFragment = "later-fragment"
        /// An echo request to a service's address.
        case echoRequest = "echo-request"
        /// An ICMP error about what a service sent to a client.
        case errorAboutAnswer = "error-about-answer"
        /// An ICMP error about what a client sent to a backend.
        case errorAboutRequest = "error-about-request"
        /// A backend's packet to a client.
        case answer
        /// To an address of nobody here, and of no flow.
        case notServed = "not-served"
    }

    /// The flow that a packet belongs to, as it was before the packet.
    public struct Flow: Hashable, Sendable, Codable {
        /// Where it stands.
        public enum Standing: String, Hashable, Sendable, Codable {
            /// TCP, before the handshake is over.
            case halfOpen = "half-open"
            /// TCP, established.
            case established
            /// TCP, ended by FIN.
            case closing
            /// TCP, ended by RST alone: data takes it back.
            case reset
            /// UDP.
            case datagrams
        }

        /// Where it stands.
        public var standing: Standing
        /// Whether it began in its middle.
        public var isAdopted: Bool
        /// The name of its backend.
        public var backend: String
        /// What control says of its backend.
        public var backendState: BackendState
        /// Seconds until it ends, if nothing comes.
        public var secondsLeft: Double
    }

    /// How the backend was found.
    public enum Choice: String, Hashable, Sendable, Codable {
        /// The packet's flow has it.
        case flow
        /// The first fragment went there.
        case fragment
        /// A QUIC connection ID names it.
        case connectionID = "connection-id"
        /// Its client, or another one of its prefix, went there before.
        case persistence
        /// The scheduler chose it for a new flow.
        case scheduler
        /// The hash gives it, for want of a flow.
        case hash
    }

    /// Something that is changed in the packet, in the order in which it is done.
    public enum Edit: Hashable, Sendable, Codable {
        /// The sender.
        case source(from: Endpoint, to: Endpoint)
        /// The receiver.
        case destination(from: Endpoint, to: Endpoint)
        /// Time to live, or hop limit.
        case hopLimit(from: UInt8, to: UInt8)
        /// The maximum segment size that a SYN announces.
        case maximumSegmentSize(to: UInt16)
        /// The sender in the packet that an ICMP error quotes.
        case quotedSource(from: Endpoint, to: Endpoint)
        /// The receiver in the packet that an ICMP error quotes.
        case quotedDestination(from: Endpoint, to: Endpoint)
        /// The packet is cut into fragments of at most so many bytes.
        case fragments(limit: Int)
        /// The large frame is cut into segments.
        case segments
        /// An outer header is put in front of it.
        case encapsulation(mode: ServiceMode, source: IPAddress, destination: IPAddress)
        /// The frame becomes an answer to itself.
        case answer(Answer)
        /// The frame leaves by the interface with this position, to this station.
        case link(interface: Int, destination: MACAddress)
        /// The tag goes: the frame leaves by another interface.
        case tagRemoved
    }

    /// What a frame is answered with.
    public enum Answer: Hashable, Sendable, Codable {
        /// An ARP reply, or a neighbour advertisement.
        case stationAddress
        /// An echo reply.
        case echoReply
        /// ICMP time exceeded.
        case timeExceeded
        /// ICMP fragmentation needed, or packet too big, with the MTU.
        case tooBig(mtu: Int)
        /// A TCP RST.
        case reset
    }

    /// What the engine takes the frame for.
    public internal(set) var subject: Subject
    /// What becomes of it.
    public internal(set) var verdict: Verdict
    /// The name of the service.
    public internal(set) var service: String?
    /// The client of the packet or of its flow.
    public internal(set) var client: Endpoint?
    /// The hash of the flow that chooses rows of tables and ports of tunnels.
    public internal(set) var hash: UInt64?
    /// The row of the service's Maglev table that the hash gives; `nil` with other tables, which have no rows.
    public internal(set) var row: Int?
    /// The flow that the packet belongs to; `nil` if there is none.
    public internal(set) var flow: Flow?
    /// How the backend was found; `nil` if none was looked for.
    public internal(set) var choice: Choice?
    /// The name of the backend that the packet goes to, comes from, or would go to if nothing stood in its way.
    public internal(set) var backend: String?
    /// The limit of flows that is reached, so that the packet begins none, or a half-open one gives way to its flow.
    public internal(set) var limit: FlowLimit?
    /// Whether a flow begins, begins anew or moves with this packet.
    public internal(set) var beginsFlow: Bool
    /// What is changed, in order; nothing of a frame that is not sent.
    public internal(set) var edits: [Edit]

    init(_ subject: Subject) {
        self.subject = subject
        verdict = .pass
        beginsFlow = false
        edits = []
    }
}
