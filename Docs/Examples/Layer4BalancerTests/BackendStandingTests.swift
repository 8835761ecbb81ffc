import LoadBalancing
import PacketForwarding
import Testing

@testable import Layer4Balancer

/// How file, administrator and health go together.
struct BackendStandingTests {
    private static func service(_ weights: [Int]) throws -> ServiceConfiguration {
        ServiceConfiguration(
            name: "web", transport: .tcp, address: try #require(IPPrefix("203.0.113.1")), port: 80, mode: .nat,
            backends: try weights.enumerated().map { number, weight in
                BackendConfiguration(
                    name: "\(number)", address: try #require(IPAddress("10.0.0.\(number + 1)")), port: 80,
                    weight: weight)
            })
    }

    /// What the health checker says after each backend has answered once.
    private static func snapshot(
        _ service: ServiceConfiguration, _ reports: [HealthReport], panicThreshold: Double = 0
    ) async throws -> BalancerSnapshot {
        let time = ManualTime()
        let balancer = try LoadBalancer<Int>(
            policy: .roundRobin,
            backends: service.backends.enumerated().map { Backend(id: $1.name, endpoint: $0, weight: $1.weight) },
            resilience: Resilience(panicThreshold: panicThreshold, healthChecks: HealthChecks(jitter: 0)),
            time: .manual(time))
        let checking = Task { await balancer.runHealthChecks { reports[$0] } }
        await time.waitForSleepers(reports.count)
        time.advance(by: .milliseconds(1))
        await time.waitForSleepers(reports.count)
        checking.cancel()
        await checking.value
        return balancer.snapshot()
    }

    @Test(arguments: [
        (nil, nil, BackendState.up, 2), (BackendState.draining, nil, .draining, 2), (.down, nil, .down, 2),
        (.up, 7, .up, 7), (nil, 0, .up, 0),
    ])
    func doesAsOrdered(state: BackendState?, weight: Int?, expected: BackendState, share: Int) throws {
        let standings = BackendStanding.all(
            of: try Self.service([2]), orders: ["0": BackendOrder(state: state, weight: weight)], health: nil)
        #expect(standings.map(\.state) == [expected] && standings.map(\.weight) == [share])
    }

    @Test func followsHealth() async throws {
        let service = try Self.service([2, 2, 2, 1])
        let health = try await Self.snapshot(
            service, [.healthy, .unhealthy("refused"), .draining, .degraded(0.25)])
        let standings = BackendStanding.all(of: service, orders: [:], health: health)
        #expect(standings.map(\.state) == [.up, .down, .draining, .up])
        // Where somebody has a part of his share, shares stay as they are to each other.
        #expect(standings.map(\.weight) == [200, 200, 200, 25])
        #expect(standings[1].reason == "refused")
    }

    @Test func ignoresHealthWhereHardlyAnybodyIsHealthy() async throws {
        let service = try Self.service([1, 1, 1])
        let health = try await Self.snapshot(
            service, [.healthy, .unhealthy(), .unhealthy()], panicThreshold: 0.5)
        let standings = BackendStanding.all(of: service, orders: ["2": BackendOrder(state: .down)], health: health)
        #expect(standings.map(\.state) == [.up, .up, .down])
        #expect(standings.map(\.weight) == [1, 1, 1])
    }
}
