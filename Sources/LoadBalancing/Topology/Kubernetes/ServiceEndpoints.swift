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
/// This is done for each port by itself, as slices have ports of their own. An endpoint is its address and the number
/// of its port: pods that listen elsewhere than others, as while a new version rolls out, are in slices apart. One that
/// stands in several slices, as it may while they are being rewritten, counts once; as ready if it is in any.
///
/// - Note: kube-proxy's `CategorizeEndpoints`.
public struct ServiceEndpoints: Hashable, Sendable {
    /// The endpoints that count, in order of their addresses.
    public var endpoints: [EndpointSlice.Endpoint] { found.map(\.endpoint) }
    /// Why these.
    public let reason: String
    /// Whether all of them are on their way out: better than nobody.
    public let areTerminating: Bool
    private let found: [Listener]

    /// An endpoint, and the number of the port in question, if its slice tells.
    private struct Listener: Hashable, Sendable {
        let endpoint: EndpointSlice.Endpoint
        let address: String
        let port: Int?

        var conditions: EndpointSlice.Conditions { endpoint.conditions }

        static func < (lhs: Listener, rhs: Listener) -> Bool {
            (lhs.address, lhs.port ?? 0) < (rhs.address, rhs.port ?? 0)
        }
    }

    /// Finds the endpoints.
    ///
    /// - Parameters:
    ///   - slices: all slices of the service.
    ///   - port: the name of the port; slices without it do not count. `nil` counts all, and stands for the only port if
    ///     they have but one.
    ///   - traffic: from where the service is called.
    public init(_ slices: [EndpointSlice], port: String? = nil, for traffic: ServiceTraffic = ServiceTraffic()) {
        let names = Set(slices.flatMap(\.ports.keys))
        let name = port ?? (names.count == 1 ? names.first : nil)
        var byAddress: [String: [Int?: Listener]] = [:]
        for slice in slices {
            let number = name.flatMap { slice.ports[$0] }
            if port != nil, number == nil { continue }
            for endpoint in slice.endpoints {
                guard let address = endpoint.addresses.first else { continue }
                let known = byAddress[address]?[number]?.conditions.isReady
                if let known, known || !endpoint.conditions.isReady { continue }
                byAddress[address, default: [:]][number] = Listener(endpoint: endpoint, address: address, port: number)
            }
        }
        let all = byAddress.values.flatMap(\.values).sorted(by: <)
        let reachable =
            traffic.policy == .cluster
            ? all : all.filter { $0.endpoint.nodeName != nil && $0.endpoint.nodeName == traffic.node }
        let place = traffic.policy == .cluster ? "in the cluster" : "on the node"
        let ready = reachable.filter { $0.conditions.isReady }
        guard !ready.isEmpty else {
            let last = reachable.filter { $0.conditions.isServing && $0.conditions.isTerminating }
            found = last
            areTerminating = !last.isEmpty
            reason =
                last.isEmpty ? "nobody is ready \(place)" : "nobody is ready \(place): those that terminate and serve"
            return
        }
        areTerminating = false
        if traffic.policy == .local {
            found = ready
            reason = "ready on the node"
        } else if let hinted = Self.hinted(ready, traffic.node, by: \.nodeHints) {
            found = hinted
            reason = "ready, with hints for the node"
        } else if let hinted = Self.hinted(ready, traffic.zone, by: \.zoneHints) {
            found = hinted
            reason = "ready, with hints for the zone"
        } else {
            found = ready
            reason = "ready in the cluster"
        }
    }

    /// Those meant for the caller; `nil` where the hints do not count.
    private static func hinted(
        _ ready: [Listener], _ name: String?, by hints: (EndpointSlice.Endpoint) -> [String]
    ) -> [Listener]? {
        guard let name, ready.allSatisfy({ !hints($0.endpoint).isEmpty }) else { return nil }
        let meant = ready.filter { hints($0.endpoint).contains(name) }
        return meant.isEmpty ? nil : meant
    }

    /// The endpoints as backends of `address:port`, each with its own port, in the place of its zone; for
    /// ``TieredBalancer`` or, by ``PlacedBackend/backend``, any other.
    ///
    /// Those whose slices do not tell the number are left out.
    public var backends: [PlacedBackend<String>] {
        found.compactMap { listener in listener.port.map { Self.backend(listener, port: $0) } }
    }

    /// The endpoints as backends of one port, whatever numbers slices tell.
    ///
    /// - Parameter port: the number, the same for all.
    /// - Returns: the backends, each once.
    public func backends(port: Int) -> [PlacedBackend<String>] {
        var seen: Set<String> = []
        return found.filter { seen.insert($0.address).inserted }.map { Self.backend($0, port: port) }
    }

    private static func backend(_ listener: Listener, port: Int) -> PlacedBackend<String> {
        let address = listener.address
        let host = address.utf8.contains(UInt8(ascii: ":")) ? "[\(address)]" : address
        return Backend("\(host):\(port)").at(zone: listener.endpoint.zone ?? "")
    }
}
