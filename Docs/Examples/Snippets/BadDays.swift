import LoadBalancing

/// What a service does about backends that are new, slow or sick.
enum BadDays {
    /// A balancer with rules.
    static func balancer(addresses: [String]) throws -> LoadBalancer<String> {
        var resilience = Resilience.recommended
        resilience.softDrain = SoftDrain()
        resilience.limits = ConcurrencyLimits(perBackend: 100)
        let balancer = try LoadBalancer(
            policy: .leastConnections, backends: addresses.map { Backend($0) }, resilience: resilience)
        return balancer
    }

    /// What runs beside the service's own work, for as long as the service.
    static func run(
        _ balancer: LoadBalancer<String>, client: Client, log: @escaping @Sendable (String) -> Void
    ) async {
        await withTaskGroup { group in
            group.addTask { await balancer.run() }
            group.addTask {
                await balancer.runHealthChecks { endpoint in
                    switch try await client.get("http://\(endpoint)/health").status {
                    case 200: .healthy
                    case 503: .draining
                    case let status: .unhealthy("status \(status)")
                    }
                }
            }
            group.addTask {
                for await event in balancer.events() { log("\(event.kind)") }
            }
        }
    }

    /// Work that would rather wait for a moment than fail.
    static func fetch(client: Client, balancer: LoadBalancer<String>) async throws -> Response {
        let page = try await balancer.withBackend(attempts: 2, waitingUpTo: .milliseconds(200)) { backend in
            try await client.get("http://\(backend.endpoint)/")
        } classify: { response in
            response.status < 500 ? .success : .failure
        }
        return page
    }

    /// A server that is restarted while the service goes on.
    static func restart(
        _ id: String, of balancer: LoadBalancer<String>, restart: () async throws -> Void
    ) async throws {
        let report = await balancer.drain(id, within: .seconds(30))
        if report?.isComplete == true { try await restart() }
        balancer.resume(id)
    }

    /// The end of the service.
    static func shutDown(_ balancer: LoadBalancer<String>) async -> Bool {
        let report = await balancer.shutdown(within: .seconds(10))
        return report.isComplete
    }
}
