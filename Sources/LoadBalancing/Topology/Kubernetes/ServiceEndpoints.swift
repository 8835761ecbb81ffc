/// From where a service is called, and how far its traffic may go.
public struct ServiceTraffic: Hashable, Sendable {
    /// `internalTrafficPolicy` or `externalTrafficPolicy`, whichever is about the traffic in question.
    public enum Policy: String, Hashable, Sendable, CaseIterable, Codable {
        /// To endpoints anywhere.
        case cluster = "Cluster"
        /// To endpoints on the same node only.
        case local = "Local"
    }

    /// How far traffic may go.
    public var policy: Policy
    /// The node of the caller.
    public var node: String?
    /// The zone of the caller.
    public var zone: String?

    /// Describes the traffic.
    public init(policy: Policy = .cluster, node: String? = nil, zone: String? = nil) {
        self.policy = policy
        self.node = node
        self.zone = zone
    }
}

/// Which endpoints of a service count: a pure function of its slices and of who calls.
///
/// - With the policy `Local`, those on the caller's node: the ready ones or, if there are none, those that terminate
///   and still serve. Else of all endpoints, in the same way.
/// - Hints narrow the ready ones down if every ready endpoint has some and at least one is meant for the caller: first
///   by node, then by zone. Else they are ignored, so that a half-written set of hints overloads nobody.
///
/// An endpoint that stands in several slices, as it may while they are being rewritten, counts once; as ready if it is
/// in any.
///
/// - Note: kube-proxy's `CategorizeEndpoints`.
public struct ServiceEndpoints: Hashable, Sendable {
    /// The endpoints that count, in order of their addresses.
    public let endpoints: [EndpointSlice.Endpoint]
    /// Why these.
    public let reason: String
    /// Whether all of them are on their way out: better than nobody.
    public let areTerminating: Bool

    /// Finds the endpoints.
    public init(_ slices: [EndpointSlice], for traffic: ServiceTraffic = ServiceTraffic()) {
        var byAddress: [String: EndpointSlice.Endpoint] = [:]
        for endpoint in slices.flatMap(\.endpoints) {
            guard let address = endpoint.addresses.first else { continue }
            if let known = byAddress[address], known.conditions.isReady || !endpoint.conditions.isReady { continue }
            byAddress[address] = endpoint
        }
        let all = byAddress.sorted { $0.key < $1.key }.map(\.value)
        let reachable =
            traffic.policy == .cluster ? all : all.filter { $0.nodeName != nil && $0.nodeName == traffic.node }
        let place = traffic.policy == .cluster ? "in the cluster" : "on the node"
        let ready = reachable.filter { $0.conditions.isReady }
        guard !ready.isEmpty else {
            let last = reachable.filter { $0.conditions.isServing && $0.conditions.isTerminating }
            endpoints = last
            areTerminating = !last.isEmpty
            reason =
                last.isEmpty ? "nobody is ready \(place)" : "nobody is ready \(place): those that terminate and serve"
            return
        }
        areTerminating = false
        if traffic.policy == .local {
            endpoints = ready
            reason = "ready on the node"
        } else if let hinted = Self.hinted(ready, traffic.node, by: \.nodeHints) {
            endpoints = hinted
            reason = "ready, with hints for the node"
        } else if let hinted = Self.hinted(ready, traffic.zone, by: \.zoneHints) {
            endpoints = hinted
            reason = "ready, with hints for the zone"
        } else {
            endpoints = ready
            reason = "ready in the cluster"
        }
    }

    /// Those meant for the caller; `nil` where the hints do not count.
    private static func hinted(
        _ ready: [EndpointSlice.Endpoint], _ name: String?, by hints: (EndpointSlice.Endpoint) -> [String]
    ) -> [EndpointSlice.Endpoint]? {
        guard let name, ready.allSatisfy({ !hints($0).isEmpty }) else { return nil }
        let meant = ready.filter { hints($0).contains(name) }
        return meant.isEmpty ? nil : meant
    }

    /// The endpoints as backends of `address:port`, each in the place of its zone.
    ///
    /// - Parameter port: the number, which slices tell by name.
    /// - Returns: the backends, for ``TieredBalancer`` or, by ``PlacedBackend/backend``, any other.
    public func backends(port: Int) -> [PlacedBackend<String>] {
        endpoints.compactMap { endpoint in
            guard let address = endpoint.addresses.first else { return nil }
            let host = address.utf8.contains(UInt8(ascii: ":")) ? "[\(address)]" : address
            return Backend("\(host):\(port)").at(zone: endpoint.zone ?? "")
        }
    }
}
