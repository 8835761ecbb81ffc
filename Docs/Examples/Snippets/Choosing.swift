import Foundation
import LoadBalancing

/// One policy for each problem of `Docs/Choosing.md`.
enum Choosing {
    static let addresses = ["10.0.0.1:8080", "10.0.0.2:8080", "10.0.0.3:8080"]

    static func whateverComes() throws -> LoadBalancer<String> {
        let balancer = try LoadBalancer(policy: .adaptive, backends: addresses.map { Backend($0) })
        return balancer
    }

    static func reporting(_ balancer: LoadBalancer<String>) throws {
        let lease = try balancer.lease()
        lease.finish(.success, report: LoadReport(inFlight: 12))
    }

    static func slowReplica() throws -> LoadBalancer<String> {
        let balancer = try LoadBalancer(policy: .leastResponseTime, backends: addresses.map { Backend($0) })
        return balancer
    }

    static func longAndShortRequests() throws -> LoadBalancer<String> {
        let balancer = try LoadBalancer(policy: .leastConnections, backends: addresses.map { Backend($0) })
        return balancer
    }

    static func unequalMachines() throws -> LoadBalancer<String> {
        let backends = [Backend("10.0.0.1:8080", weight: 8), Backend("10.0.0.2:8080", weight: 4)]
        let balancer = try LoadBalancer(policy: .smoothWeightedRoundRobin, backends: backends)
        return balancer
    }

    static func manyClients() throws -> LoadBalancer<String> {
        let balancer = try LoadBalancer(policy: .powerOfTwoChoices, backends: addresses.map { Backend($0) })
        return balancer
    }

    static func failsFast() throws -> LoadBalancer<String> {
        let policy = PeakEWMAPolicy(estimator: .peak(timeConstant: .seconds(5), failurePenalty: .seconds(2)))
        let balancer = try LoadBalancer(policy: AnyPolicy(policy), backends: addresses.map { Backend($0) })
        return balancer
    }

    static func caches(user: String, client: Client) async throws -> Response {
        let balancer = try LoadBalancer(policy: .maglev, backends: addresses.map { Backend($0) })
        let page = try await balancer.withBackend(for: .key(user)) { backend in
            try await client.get("http://\(backend.endpoint)/users/\(user)")
        }
        return page
    }

    /// The part of a service's configuration that says how to balance.
    struct Settings: Decodable {
        var policy: AnyPolicy
    }

    static func configured(_ json: String) throws -> AnyPolicy {
        let settings = try JSONDecoder().decode(Settings.self, from: Data(json.utf8))
        return settings.policy
    }
}
