import LoadBalancing

/// A thread that serves a queue of its own.
func serve(_ paths: [String], client: Client, balancer: LoadBalancer<String>) async throws -> Int {
    var worker = balancer.makeWorker()
    var served = 0
    for path in paths {
        let lease = try worker.lease()
        let response = try await client.get("http://\(lease.endpoint)\(path)")
        lease.finish(response.status < 500 ? .success : .failure)
        served += 1
    }
    return served
}
