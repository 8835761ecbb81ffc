public import LoadBalancing

/// How new flows are spread: a policy of LoadBalancing by its name, or a name of layer 4.
public enum SchedulerName: Hashable, Sendable {
    /// A Maglev table over the flow: every balancer of a fleet chooses alike.
    case maglev
    /// A Maglev table over the client's address alone: all flows of a client go to one backend.
    case sourceHash
    /// Any other policy.
    ///
    /// Those that go by keys hash the flow, as `maglev` does, and by that also find the backend of a packet whose flow is not
    /// known. They place backends by name, address and port, and pass those over that take no new flows.
    case policy(PolicyName)

    /// Whether the choice follows from the packet and the configuration alone, so that all balancers of a fleet choose alike, and
    /// so does a balancer that has forgotten a flow.
    ///
    /// What `memento` chooses follows from earlier sets of backends too.
    public var isStateless: Bool {
        switch self {
        case .maglev, .sourceHash: true
        case .policy(let name): name.isKeyed && name != .memento
        }
    }
}

extension SchedulerName: LosslessStringConvertible, Codable {
    /// Reads `maglev`, `source-hash`, or the name of a policy; `nil` for anything else.
    public init?(_ text: String) {
        switch text {
        case "maglev": self = .maglev
        case "source-hash": self = .sourceHash
        default:
            guard let name = PolicyName(rawValue: text) else { return nil }
            self = .policy(name)
        }
    }

    /// The name.
    public var description: String {
        switch self {
        case .maglev: "maglev"
        case .sourceHash: "source-hash"
        case .policy(let name): name.rawValue
        }
    }

    /// Reads the name.
    public init(from decoder: any Decoder) throws {
        self = try decoder.decodeText()
    }

    /// Writes the name.
    public func encode(to encoder: any Encoder) throws {
        try encoder.encodeText(description)
    }
}
