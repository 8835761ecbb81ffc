import LoadBalancing
import Testing

@testable import Snippets

/// Tests of a service that balances: no sockets, no waiting.
@Suite struct ServiceTests {
    @Test func aSlowServerIsAvoided() throws {
        let time = ManualTime()
        let balancer = try repeatable(time: time, seed: 1)
        for _ in 0..<3000 {
            let lease = try balancer.lease()
            time.advance(by: lease.id == "b" ? .milliseconds(300) : .milliseconds(2))
            lease.finish()
        }
        let picks = balancer.snapshot().backends.map(\.picks)
        #expect(picks[1] < picks[0] / 10 && picks[1] < picks[2] / 10)
    }

    @Test func aSeedRepeatsEveryPick() throws {
        let one = try repeatable(time: ManualTime(), seed: 7)
        let other = try repeatable(time: ManualTime(), seed: 7)
        for _ in 0..<1000 {
            let id = try one.lease().id
            #expect(try other.lease().id == id)
        }
    }

    @Test func aFailedRequestIsDoneAgainElsewhere() async throws {
        let client = Client { address in
            Response(status: address.contains("10.0.0.1") ? 503 : 200, body: address)
        }
        let balancer = try LoadBalancer(
            policy: .roundRobin, backends: [Backend("10.0.0.1:80"), Backend("10.0.0.2:80")], seed: 1)
        for _ in 0..<10 {
            let page = try await fetchAgain(client: client, balancer: balancer)
            #expect(page.body == "http://10.0.0.2:80/")
        }
        let backends = balancer.snapshot().backends
        #expect(backends.map(\.successes) == [0, 10])
        #expect(backends[0].failures > 0)
    }
}
