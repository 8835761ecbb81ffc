import LoadBalancing
import Testing

@testable import Snippets

/// What the programs of "Bad days" do.
@Suite struct BadDaysTests {
    private static let addresses = (1...6).map { "10.0.0.\($0):8080" }

    @Test func aServerThatShutsDownGetsNoNewWork() async throws {
        let balancer = try BadDays.balancer(addresses: Self.addresses)
        let client = Client { address in
            Response(status: address == "http://10.0.0.2:8080/health" ? 503 : 200, body: address)
        }
        let (lines, continuation) = AsyncStream.makeStream(of: String.self)
        let running = Task { await BadDays.run(balancer, client: client) { continuation.yield($0) } }
        var reader = lines.makeAsyncIterator()
        for _ in Self.addresses { _ = await reader.next() }
        running.cancel()
        await running.value
        let gates = balancer.snapshot().backends.map(\.admission.gate)
        #expect(gates == [.open, .draining, .open, .open, .open, .open])
        for _ in 0..<100 {
            let page = try await BadDays.fetch(client: client, balancer: balancer)
            #expect(!page.body.contains("10.0.0.2"))
        }
    }

    @Test func aServerIsRestarted() async throws {
        let balancer = try BadDays.balancer(addresses: Self.addresses)
        try await BadDays.restart(Self.addresses[0], of: balancer) {
            #expect(balancer.snapshot().backends[0].admission.gate == .draining)
        }
        #expect(balancer.snapshot().backends[0].proposals.objections == [.slowStart])
    }

    @Test func aServiceEnds() async throws {
        let balancer = try BadDays.balancer(addresses: Self.addresses)
        #expect(await BadDays.shutDown(balancer))
        #expect(throws: BalancerError.self) { try balancer.lease().finish() }
    }
}
