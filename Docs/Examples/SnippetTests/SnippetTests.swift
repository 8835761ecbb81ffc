import LoadBalancing
import Testing

@testable import Snippets

/// What the other programs of the documentation do.
@Suite struct SnippetTests {
    private let client = Client { address in Response(body: address) }

    private func balancer(_ policy: AnyPolicy = .roundRobin) throws -> LoadBalancer<String> {
        try LoadBalancer(policy: policy, backends: [Backend("10.0.0.1:8080"), Backend("10.0.0.2:8080")], seed: 1)
    }

    private func inFlight(_ balancer: LoadBalancer<String>) -> Int {
        balancer.snapshot().backends.reduce(0) { $0 + $1.inFlight }
    }

    @Test func theFirstProgramFetchesAPage() async throws {
        let page = try await firstProgram(client: client)
        #expect(["http://10.0.0.1:8080/", "http://10.0.0.2:8080/"].contains(page.body))
    }

    @Test func leasesEnd() async throws {
        let balancer = try balancer()
        let page = try await fetch(user: "anna", client: client, balancer: balancer)
        #expect(page.body.hasSuffix("/users/anna"))
        #expect(try await exchange(client: client, balancer: balancer).count == 2)
        #expect(try await serve(["/a", "/b"], client: client, balancer: balancer) == 2)
        #expect(try await fetchAgainByHand(client: client, balancer: balancer) != nil)
        #expect(inFlight(balancer) == 0)
    }

    @Test func streamsEndTheirLeases() async throws {
        let balancer = try balancer(.leastResponseTime)
        let text = try await download(
            from: { _ in
                AsyncThrowingStream { continuation in
                    for part in ["one ", "two"] { continuation.yield(part) }
                    continuation.finish()
                }
            }, balancer: balancer)
        #expect(text == "one two")
        try subscribe(to: { _, onEnd in onEnd(nil) }, balancer: balancer)
        #expect(inFlight(balancer) == 0)
        #expect(balancer.snapshot().backends.reduce(0) { $0 + $1.successes } == 2)
    }

    @Test func setsAreReplaced() async throws {
        let balancer = try balancer()
        try replace(in: balancer)
        #expect(balancer.snapshot().backends.map(\.id) == ["10.0.0.2:8080", "10.0.0.3:8080"])
        maintain(balancer)
        #expect(balancer.snapshot().backends.allSatisfy { $0.admission == .full })
        let discovered = AsyncStream { continuation in
            continuation.yield(["10.0.0.9:8080"])
            continuation.finish()
        }
        try await follow(discovered, balancer: balancer)
        #expect(balancer.snapshot().backends.map(\.id) == ["10.0.0.9:8080"])
    }

    @Test func policiesAreChosen() async throws {
        for balancer in [
            try Choosing.whateverComes(), try Choosing.slowReplica(), try Choosing.longAndShortRequests(),
            try Choosing.unequalMachines(), try Choosing.manyClients(), try Choosing.failsFast(),
            try primaryFirstErased(),
        ] {
            _ = try balancer.lease()
        }
        let adaptive = try Choosing.whateverComes()
        try Choosing.reporting(adaptive)
        #expect(adaptive.snapshot().backends.map(\.successes).reduce(0, +) == 1)
        let page = try await Choosing.caches(user: "anna", client: client)
        #expect(try await Choosing.caches(user: "anna", client: client).body == page.body)
        #expect(sharedPicks(count: 5) == [0, 1, 2, 0, 1])
        #expect(try primaryFirst().lease().id == "primary:5432")
    }

    @Test func twoOfThreeGoToTheMachineThatIsTwiceAsBig() throws {
        let balancer = try Choosing.unequalMachines()
        let order = try (0..<6).map { _ in try balancer.lease().id.contains("0.1") ? "a" : "b" }
        #expect(order == ["a", "b", "a", "a", "b", "a"])
    }

    @Test func keysComeBackToTheirServer() throws {
        let balancer = try balancer(.staticHash)
        let home = try balancer.lease(for: .key("anna")).id
        balancer.setAdmission(Admission(gate: .down), for: home)
        #expect(try balancer.lease(for: .key("anna")).id != home)
        balancer.setAdmission(.full, for: home)
        #expect(try balancer.lease(for: .key("anna")).id == home)
    }

    @Test func policiesAreConfigured() throws {
        let json = #"{"policy": {"name": "peak-ewma", "estimator": {"method": "peak", "timeConstantSeconds": 5}}}"#
        let policy = try Choosing.configured(json)
        #expect(policy.base as? PeakEWMAPolicy == PeakEWMAPolicy(estimator: .peak(timeConstant: .seconds(5))))
        #expect(try Choosing.configured(#"{"policy": "static-hash"}"#).base is StaticHashPolicy)
    }
}
