import Testing

@testable import LoadBalancing

@Suite struct BackendHealthTests {
    /// h, d, g and u are answers: healthy, degraded, draining (going), unhealthy; the second line is what is believed after
    /// each.
    @Test(arguments: [
        // The first answer decides.
        (answers: "h", believed: "h"), (answers: "u", believed: "u"), (answers: "d", believed: "d"),
        (answers: "g", believed: "g"),
        // Three bad ones in a row to go, two good ones to come back.
        (answers: "huuuhuhh", believed: "hhhuuuuh"),
        (answers: "huuhuuhuuu", believed: "hhhhhhhhhu"),
        (answers: "uhhu", believed: "uuhh"),
        // Degraded works: it counts as good, and at once.
        (answers: "hdhd", believed: "hdhd"), (answers: "uddh", believed: "uudh"), (answers: "duuud", believed: "ddduu"),
        // Draining counts at once; coming back takes two good answers.
        (answers: "hghh", believed: "hggh"), (answers: "hguuu", believed: "hgggu"),
        (answers: "ughghh", believed: "uggggh"),
    ])
    func believes(answers: String, believed: String) {
        var health = BackendHealth()
        var seen = ""
        for (number, answer) in answers.enumerated() {
            _ = health.take(report(answer), at: Timestamp(nanoseconds: UInt64(number)), by: HealthChecks())
            seen.append(letter(health.status))
        }
        #expect(seen == believed)
        #expect(health.report == answers.last.map(report))
        #expect(health.checkedAt == Timestamp(nanoseconds: UInt64(answers.count - 1)))
    }

    private func report(_ letter: Character) -> HealthReport {
        switch letter {
        case "h": .healthy
        case "d": .degraded()
        case "g": .draining
        default: .unhealthy()
        }
    }

    private func letter(_ status: HealthReport.Status?) -> Character {
        switch status {
        case nil: "?"
        case .healthy: "h"
        case .degraded: "d"
        case .draining: "g"
        case .unhealthy: "u"
        }
    }

    @Test(arguments: [
        (report: HealthReport.healthy, admission: Admission.full),
        (report: .degraded(), admission: Admission(fraction: 0.5)),
        (report: .degraded(0.2), admission: Admission(fraction: 0.2)),
        (report: .draining, admission: Admission(gate: .draining)),
        (report: .unhealthy("?"), admission: Admission(fraction: 0)),
    ])
    func proposes(report: HealthReport, admission: Admission) {
        var health = BackendHealth()
        #expect(HealthChecks().proposal(for: health) == .full, "before the first answer")
        _ = health.take(report, at: Timestamp(nanoseconds: 0), by: HealthChecks())
        #expect(HealthChecks().proposal(for: health) == admission)
    }

    @Test func looksAgainSoonAsLongAsNothingIsDecided() {
        let checks = HealthChecks()
        var health = BackendHealth()
        // After h, u, u, u, h, h.
        let delays: [Duration] = [.seconds(2), .milliseconds(500), .milliseconds(500), .seconds(2), .milliseconds(500)]
        for (answer, delay) in zip("huuuh", delays) {
            _ = health.take(report(answer), at: Timestamp(nanoseconds: 0), by: checks)
            #expect(checks.delay(after: health, draw: 0.5) == delay)
        }
        for (jitter, draw, milliseconds) in [(0.1, 0.0, 450), (0.1, 1, 550), (0, 1, 500), (9, 1, 1_000), (9, 0, 1)] {
            let delay = HealthChecks(jitter: jitter).delay(after: health, draw: draw)
            #expect(abs(delay / .milliseconds(1) - Double(milliseconds)) < 1e-6)
        }
    }
}
