import Testing

@testable import LoadBalancing

@Suite struct LoadReportTests {
    /// What is kept of a report while `own` other leases are in flight.
    @Test(
        arguments: [
            (inFlight: 7, own: 3, kept: 4), (inFlight: 2, own: 3, kept: 0), (inFlight: 0, own: 0, kept: 0),
            (inFlight: -1, own: 0, kept: 0),
        ] as [(inFlight: Int, own: UInt64, kept: Float)])
    func othersAreWhatIsNotOurs(inFlight: Int, own: UInt64, kept: Float) {
        let report = LoadReport(inFlight: inFlight, serviceTime: .nanoseconds(3_008))
        let word = ReportRule.others.word(after: .none, report: report, own: own)
        #expect(word.inFlight == kept && word.serviceTime == 3_008 && !word.isNone)
    }

    @Test func averagesHaveAlphaThreeTenths() {
        let rule = ReportRule.averaged
        var word = rule.word(after: .none, report: LoadReport(inFlight: 10), own: 5)
        #expect(word.inFlight == 10 && word.serviceTime == 0)
        word = rule.word(after: word, report: LoadReport(inFlight: 20, serviceTime: .nanoseconds(100)), own: 5)
        #expect(abs(word.inFlight - 13) < 1e-4 && word.serviceTime == 100)
        word = rule.word(after: word, report: LoadReport(inFlight: 13, serviceTime: .nanoseconds(200)), own: 5)
        #expect(abs(word.inFlight - 13) < 1e-4 && word.serviceTime == 130)
    }

    /// Whatever a server says of itself, the picks that follow are picks.
    @Test(arguments: [PolicyName.prequal, .c3, .adaptive])
    func nobodySaysTooMuch(name: PolicyName) throws {
        let balancer = try LoadBalancer(policy: name.policy, backends: LoadBalancer<String>.named("abcd"), seed: 1)
        let report = LoadReport(inFlight: .max, serviceTime: .seconds(Int64.max))
        for _ in 0..<50 { try balancer.lease().finish(report: report) }
        #expect(balancer.slotsInForce.contains { $0.report.inFlight == Float(ReportRule.mostRequests) })
        #expect(balancer.snapshot().outcomes == Outcomes(50, 0, 0))
    }

    /// The server has 9; this balancer has two besides the one that is answered.
    @Test(arguments: [(PolicyName.adaptive, 7), (.c3, 9), (.peakEWMA, nil)] as [(PolicyName, Float?)])
    func reportsGoToPoliciesThatAskForThem(name: PolicyName, kept: Float?) throws {
        let balancer = try LoadBalancer(policy: name.policy, backends: [Backend("a")], seed: 1)
        let one = try balancer.lease()
        let two = try balancer.lease()
        try balancer.lease().finish(report: LoadReport(inFlight: 9))
        let word = balancer.slotsInForce[0].report
        #expect(kept.map { $0 == word.inFlight } ?? word.isNone)
        one.finish()
        two.share().finish(report: LoadReport(inFlight: 4))
        #expect(balancer.snapshot().backends[0].successes == 3)
        if kept != nil { #expect(balancer.slotsInForce[0].report.bits != word.bits) }
    }
}
