import LoadBalancing

/// Up to three attempts, each on another backend.
func fetchAgain(client: Client, balancer: LoadBalancer<String>) async throws -> Response {
    let page = try await balancer.withBackend(attempts: 3) { backend in
        try await client.get("http://\(backend.endpoint)/")
    } classify: { response in
        response.status < 500 ? .success : .failure
    }
    return page
}

/// The same with leases.
func fetchAgainByHand(client: Client, balancer: LoadBalancer<String>) async throws -> Response? {
    var request = PickRequest.key("anna")
    while request.attempt < 3 {
        let lease = try balancer.lease(for: request)
        if let page = try? await client.get("http://\(lease.endpoint)/") {
            lease.finish()
            return page
        }
        request.tried.insert(lease.slotID)
        lease.finish(.failure)
    }
    return nil
}
