/// The endpoints of a Kubernetes service, as far as a balancer needs them: fill it from `discovery.k8s.io/v1`.
public struct EndpointSlice: Hashable, Sendable {
    /// What Kubernetes says of an endpoint; what is `nil` there is `nil` here.
    public struct Conditions: Hashable, Sendable {
        /// Whether the endpoint takes new work.
        public var ready: Bool?
        /// Whether it can work, also while it terminates.
        public var serving: Bool?
        /// Whether it is on its way out.
        public var terminating: Bool?

        /// Creates conditions.
        public init(ready: Bool? = nil, serving: Bool? = nil, terminating: Bool? = nil) {
            self.ready = ready
            self.serving = serving
            self.terminating = terminating
        }

        /// Unknown counts as ready.
        public var isReady: Bool { ready ?? true }
        /// Unknown counts as being ready does.
        public var isServing: Bool { serving ?? isReady }
        /// Unknown counts as not.
        public var isTerminating: Bool { terminating ?? false }
    }

    /// One endpoint.
    public struct Endpoint: Hashable, Sendable {
        /// The addresses, of which the first is used.
        public var addresses: [String]
        /// Its conditions.
        public var conditions: Conditions
        /// The node that it runs on.
        public var nodeName: String?
        /// The zone of that node.
        public var zone: String?
        /// The zones whose clients are to use it.
        public var zoneHints: [String]
        /// The nodes whose clients are to use it.
        public var nodeHints: [String]

        /// Creates an endpoint.
        public init(
            addresses: [String], conditions: Conditions = Conditions(), nodeName: String? = nil, zone: String? = nil,
            zoneHints: [String] = [], nodeHints: [String] = []
        ) {
            self.addresses = addresses
            self.conditions = conditions
            self.nodeName = nodeName
            self.zone = zone
            self.zoneHints = zoneHints
            self.nodeHints = nodeHints
        }
    }

    /// The endpoints.
    public var endpoints: [Endpoint]
    /// Ports by name; unnamed ones have the name "".
    public var ports: [String: Int]

    /// Creates a slice.
    public init(endpoints: [Endpoint], ports: [String: Int] = [:]) {
        self.endpoints = endpoints
        self.ports = ports
    }
}
