import LoadBalancing

/// Backends in two zones, and a standby elsewhere.
enum WorldTiers {
    /// As much as possible stays in the caller's zone; the standby takes what the others cannot.
    static func balancer(zone: String, callers: [String: Int]) throws -> TieredBalancer<String, AnyPolicy> {
        let near = ["a", "b"].flatMap { zone in
            (1...4).map { Backend("10.0.\(zone).\($0):8080").at(zone: zone) }
        }
        let standby = (1...4).map { Backend("10.9.0.\($0):8080").at(priority: 1) }

        let balancer = try TieredBalancer(
            policy: AnyPolicy.leastConnections, backends: near + standby,
            rules: TierRules(zones: .zoneAware(ZoneAwareRouting(localZone: zone, callers: callers))))
        return balancer
    }

    /// Work, wherever there is room for it.
    static func fetch(client: Client, balancer: TieredBalancer<String, AnyPolicy>) async throws -> Response {
        let page = try await balancer.withBackend(attempts: 2) { backend in
            try await client.get("http://\(backend.endpoint)/")
        }
        return page
    }

    /// The same, with a second attempt elsewhere when the first takes long.
    static func hedge(client: Client, balancer: TieredBalancer<String, AnyPolicy>) async throws -> Response {
        let rules = AttemptRules(attempts: 3, perTryTimeout: .seconds(1), hedgeDelay: .milliseconds(50))
        let page = try await balancer.withAttempts(rules, waitingUpTo: .milliseconds(500)) { backend in
            try await client.get("http://\(backend.endpoint)/")
        }
        return page
    }

    /// What happens in all places, as lines of a log.
    static func lines(of events: TieredEvents) async -> [String] {
        var lines: [String] = []
        for await event in events {
            switch event.kind {
            case .inPlace(let place, let kind): lines.append("\(place): \(kind)")
            case .shared(let plan): lines.append("\(plan)")
            case .shutDown(let inFlight): lines.append("shut down, \(inFlight) in flight")
            }
        }
        return lines
    }

    /// All traffic in one place, with a standby that takes over.
    static var oneActive: TierRules {
        let rules = TierRules(
            order: .activePassive(
                FailoverRules(minimumHealth: 0.5, holdDown: .seconds(10), failBack: .after(.seconds(60)))))
        return rules
    }
}
