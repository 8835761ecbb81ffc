import LoadBalancing

/// The smallest program: two servers, one request.
func firstProgram(client: Client) async throws -> Response {
    let backends = [Backend("10.0.0.1:8080"), Backend("10.0.0.2:8080", weight: 2)]
    let balancer = try LoadBalancer(policy: .adaptive, backends: backends)
    let page = try await balancer.withBackend { backend in
        try await client.get("http://\(backend.endpoint)/")
    }
    return page
}
