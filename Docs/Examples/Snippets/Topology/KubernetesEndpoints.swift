import LoadBalancing

/// The endpoints of a service, as a node's balancer sees them.
enum KubernetesEndpoints {
    static func backends(_ slices: [EndpointSlice], node: String, zone: String) -> [PlacedBackend<String>] {
        let found = ServiceEndpoints(slices, for: ServiceTraffic(policy: .cluster, node: node, zone: zone))
        return found.backends(port: 8_080)
    }
}
