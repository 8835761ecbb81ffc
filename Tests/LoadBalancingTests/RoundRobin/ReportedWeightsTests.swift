import Testing

@testable import LoadBalancing

@Suite struct ReportedWeightsTests {
    private static func time(_ seconds: UInt64) -> Timestamp { Timestamp(nanoseconds: (seconds + 1) * 1_000_000_000) }

    private static func report(_ rps: Double, _ utilization: Double, errors: Double = 0) -> UtilizationReport {
        UtilizationReport(cpuUtilization: utilization, requestsPerSecond: rps, errorsPerSecond: errors)
    }

    @Test func weightsAreRequestsByUtilization() {
        var weights = ReportedWeights(blackoutPeriod: .zero)
        weights.take(Self.report(100, 0.5), from: "a", at: Self.time(0))
        weights.take(Self.report(100, 1), from: "b", at: Self.time(0))
        // Half of the requests fail: utilization 0.5 counts as 1.
        weights.take(Self.report(100, 0.5, errors: 50), from: "c", at: Self.time(0))
        var application = Self.report(100, 0.1)
        application.applicationUtilization = 0.25
        weights.take(application, from: "d", at: Self.time(0))
        let found = weights.weights(of: ["a", "b", "c", "d", "new"], at: Self.time(0))
        // 200, 100, 100, 400; nothing known is the mean of 200.
        #expect(found == ["a": 32_768, "b": 16_384, "c": 16_384, "d": 65_535, "new": 32_768])
    }

    @Test func reportsAreBelievedAfterAWhileAndForAWhile() {
        var weights = ReportedWeights()
        for second in [0, 9, 10] as [UInt64] {
            weights.take(Self.report(100, 0.5), from: "a", at: Self.time(second))
            weights.take(Self.report(100, 1), from: "b", at: Self.time(second))
            let found = weights.weights(of: ["a", "b"], at: Self.time(second))
            #expect(found == (second < 10 ? ["a": 1, "b": 1] : ["a": 65_535, "b": 32_768]))
        }
        #expect(weights.weights(of: ["a", "b"], at: Self.time(189))["a"] == 65_535)
        #expect(weights.weights(of: ["a", "b"], at: Self.time(190)) == ["a": 1, "b": 1])
        // Whoever comes back is believed after a while only.
        weights.take(Self.report(100, 0.5), from: "a", at: Self.time(200))
        weights.take(Self.report(100, 1), from: "b", at: Self.time(200))
        #expect(weights.weights(of: ["a", "b"], at: Self.time(205)) == ["a": 1, "b": 1])
        weights.take(Self.report(0, 1), from: "b", at: Self.time(205))
        weights.forget("a")
        #expect(weights.weights(of: ["a", "b"], at: Self.time(220)) == ["a": 1, "b": 1])
    }

    @Test func nobodyIsStarvedOrSwamped() {
        var weights = ReportedWeights(blackoutPeriod: .zero)
        let ids = (0..<20).map { "\($0)" }
        for id in ids {
            weights.take(Self.report(id == "0" ? 1e9 : id == "1" ? 1e-9 : 100, 0.5), from: id, at: Self.time(0))
        }
        let found = weights.weights(of: ids, at: Self.time(0))
        #expect(found["0"] == 65_535)
        // Ten times the mean against a hundredth of it.
        #expect(found["1"] == 66)
    }

    @Test func aBalancerTakesThemWithoutForgetting() throws {
        let balancer = try LoadBalancer(
            policy: .smoothWeightedRoundRobin, backends: LoadBalancer<String>.named("ab"), seed: 1, stripeLimit: 1)
        let held = try balancer.lease()
        try balancer.setWeights(["a": 3, "nobody": 9])
        let names = try balancer.picks(8)
        #expect(names.count { $0 == "a" } == 6)
        #expect(balancer.snapshot().inFlight == 1)
        held.finish()
        #expect(throws: BackendSetError.self) { try balancer.setWeights(["a": -1]) }
    }
}
