import LoadBalancing

/// Work that is worth doing twice.
enum Hedging {
    static func fetch(client: Client, balancer: LoadBalancer<String>) async throws -> Response {
        let rules = AttemptRules(attempts: 3, perTryTimeout: .seconds(1), hedgeDelay: .milliseconds(50))
        let page = try await balancer.withAttempts(rules) { backend in
            try await client.get("http://\(backend.endpoint)/")
        } judge: { result in
            switch result {
            case .success(let page) where page.status == 429: .failure(.after(.seconds(1)))
            case .success(let page) where page.status >= 500: .failure(.allowed)
            case .success: .success
            case .failure: .failure(.allowed)
            }
        }
        return page
    }

    /// Weights from what servers say of their load.
    static func follow(
        _ reports: some AsyncSequence<(id: String, header: String), Never>, balancer: LoadBalancer<String>,
        now: () -> Timestamp
    ) async throws {
        var weights = ReportedWeights()
        for await (id, header) in reports {
            guard let report = UtilizationReport(header: header) else { continue }
            weights.take(report, from: id, at: now())
            try balancer.setWeights(weights.weights(of: balancer.snapshot().backends.map(\.id), at: now()))
        }
    }
}
