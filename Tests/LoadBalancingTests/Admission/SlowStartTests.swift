import Testing

@testable import LoadBalancing

@Suite struct SlowStartTests {
    /// Envoy's formula, max(10 %, (t / window)^(1 / aggression)), for a window of a minute.
    @Test(
        arguments: [
            (aggression: 1, seconds: 0, fraction: 0.1),
            (aggression: 1, seconds: 3, fraction: 0.1),
            (aggression: 1, seconds: 15, fraction: 0.25),
            (aggression: 1, seconds: 59, fraction: 59.0 / 60),
            (aggression: 2, seconds: 0, fraction: 0.1),
            (aggression: 2, seconds: 15, fraction: 0.5),
            (aggression: 2, seconds: 30, fraction: 0.707_11),
            (aggression: 0.5, seconds: 15, fraction: 0.1),
            (aggression: 0.5, seconds: 30, fraction: 0.25),
            (aggression: 1, seconds: 60, fraction: nil),
            (aggression: 1, seconds: 1_000, fraction: nil),
        ] as [(aggression: Double, seconds: Int, fraction: Double?)])
    func growsByEnvoysFormula(aggression: Double, seconds: Int, fraction: Double?) {
        let given = SlowStart(aggression: aggression).fraction(after: .seconds(seconds))
        guard let fraction, let given else { return #expect(given == fraction) }
        // Powers are kept to 2 · 10⁻⁴, logarithms to 2 · 10⁻⁵.
        #expect(abs(given - fraction) < 3e-4 * fraction)
    }

    @Test(arguments: [Duration.zero, .seconds(-1)])
    func withoutAWindowThereIsNone(window: Duration) {
        #expect(SlowStart(window: window).fraction(after: .zero) == nil)
    }

    @Test(arguments: [(0.0, 0.0), (-1, 0), (2, 1), (.nan, 0)])
    func fractionsStayFractions(least: Double, first: Double) {
        for aggression in [0.01, 0.5, 1, 2, 100, 0, -1, .nan, .infinity] {
            let slowStart = SlowStart(leastFraction: least, aggression: aggression)
            #expect(slowStart.fraction(after: .zero) == first)
            for second in 0..<60 {
                let fraction = slowStart.fraction(after: .seconds(second))
                #expect(fraction.map { 0...1 ~= $0 } == true, "aggression \(aggression), second \(second)")
            }
        }
    }
}

@Suite struct BalancerSlowStartTests {
    private func balancer(
        _ names: String, _ time: ManualTime, policy: AnyPolicy = .roundRobin, _ slowStart: SlowStart = SlowStart()
    ) throws -> LoadBalancer<String> {
        try LoadBalancer(
            policy: policy, backends: LoadBalancer<String>.named(names), resilience: Resilience(slowStart: slowStart),
            time: .manual(time), seed: 1, stripeLimit: 1)
    }

    private func fractions(_ balancer: LoadBalancer<String>) -> [Double] {
        balancer.snapshot().backends.map { (($0.admission.fraction * 1_000).rounded()) / 1_000 }
    }

    @Test func onlyNewcomersWarmUp() throws {
        let time = ManualTime()
        let balancer = try balancer("ab", time)
        #expect(fractions(balancer) == [1, 1], "the first set needs none")
        time.advance(by: .seconds(5))
        try balancer.update(LoadBalancer<String>.named("abc"))
        #expect(fractions(balancer) == [1, 1, 0.1])
        #expect(balancer.snapshot()["c"]?.proposals.objections == [.slowStart])
        for (seconds, fraction) in [(15, 0.25), (15, 0.5), (15, 0.75), (14, 0.983), (1, 1), (100, 1)] {
            time.advance(by: .seconds(seconds))
            balancer.tick()
            #expect(fractions(balancer) == [1, 1, fraction])
        }
    }

    @Test func goesOnOverAnUpdate() throws {
        let time = ManualTime()
        let balancer = try balancer("a", time)
        try balancer.update(LoadBalancer<String>.named("ab"))
        time.advance(by: .seconds(30))
        balancer.tick()
        try balancer.update(LoadBalancer<String>.named("cba"))
        #expect(fractions(balancer) == [0.1, 0.5, 1])
        time.advance(by: .seconds(30))
        balancer.tick()
        #expect(fractions(balancer) == [0.5, 1, 1])
    }

    @Test func whereNobodyStaysNobodyWarmsUp() throws {
        let time = ManualTime()
        let balancer = try balancer("ab", time)
        try balancer.update(LoadBalancer<String>.named("cd"))
        #expect(fractions(balancer) == [1, 1])
        try balancer.update([])
        try balancer.update(LoadBalancer<String>.named("ef"))
        #expect(fractions(balancer) == [1, 1])
    }

    @Test func byHandMultiplies() throws {
        let time = ManualTime()
        let balancer = try balancer("ab", time)
        try balancer.update(LoadBalancer<String>.named("abc"))
        balancer.setAdmission(Admission(fraction: 0.5), for: "c")
        #expect(fractions(balancer) == [1, 1, 0.05])
        balancer.setAdmission(Admission(gate: .down), for: "c")
        #expect(balancer.snapshot()["c"]?.admission.gate == .down)
        time.advance(by: .seconds(61))
        balancer.tick()
        balancer.setAdmission(.full, for: "c")
        #expect(fractions(balancer) == [1, 1, 1])
    }

    /// What is restricted does not stay so because nobody ticks: picks that meet it look at the time.
    @Test(arguments: PolicyName.allCases)
    func picksTickInPassing(name: PolicyName) throws {
        let time = ManualTime()
        let balancer = try balancer("ab", time, policy: name.policy)
        try balancer.update(LoadBalancer<String>.named("abc"))
        time.advance(by: .seconds(100))
        _ = try balancer.picks(64)
        #expect(fractions(balancer) == [1, 1, 1])
    }

    /// The share of the newcomer follows its fraction, for every policy that spreads: 1 : 1 : fraction.
    @Test(arguments: [PolicyName.roundRobin, .random, .weightedRandom, .smoothWeightedRoundRobin])
    func sharesFollow(name: PolicyName) throws {
        let time = ManualTime()
        let balancer = try balancer("ab", time, policy: name.policy)
        try balancer.update(LoadBalancer<String>.named("abc"))
        for seconds in [0, 15, 15] {
            time.advance(by: .seconds(seconds))
            balancer.tick()
            let fraction = try #require(balancer.snapshot()["c"]?.admission.fraction)
            let picks = try balancer.picks(6_000).count { $0 == "c" }
            let expected = 6_000 * fraction / (2 + fraction)
            // Six standard deviations of a draw.
            #expect(abs(Double(picks) - expected) < 6 * expected.squareRoot(), "\(name), fraction \(fraction)")
        }
    }

    @Test func runAdvancesUntilCancelled() async throws {
        let time = ManualTime()
        let balancer = try balancer("a", time)
        try balancer.update(LoadBalancer<String>.named("ab"))
        let task = Task { await balancer.run() }
        for second in 1...60 {
            await time.waitForSleepers(1)
            time.advance(by: .seconds(1))
            await time.waitForSleepers(1)
            #expect(fractions(balancer)[1] == max(0.1, (Double(second) / 60 * 1_000).rounded() / 1_000))
        }
        task.cancel()
        await task.value
    }
}
