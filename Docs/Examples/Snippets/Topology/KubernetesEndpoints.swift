import LoadBalancing

/// The endpoints of a service, as a node's balancer sees them.
enum KubernetesEndpoints {
    static func backends(_ slices: [EndpointSlice], node: String, zone: String) -> [PlacedBackend<String>] {
        let traffic = ServiceTraffic(policy: .cluster, node: node, zone: zone)
        let found = ServiceEndpoints(slices, port: "http", for: traffic)
        return found.backends
    }
}
