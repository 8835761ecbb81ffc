import Foundation

/// How a scenario went.
struct Verdict: Hashable, Sendable, Codable {
    let scenario: String
    let summary: String
    let findings: [Finding]
    /// Why the scenario could not be played to its end.
    let failure: String?
    let seconds: Double

    var holds: Bool { failure == nil && findings.allSatisfy(\.holds) }

    /// Plays a scenario.
    static func of(_ scenario: Scenario, _ terms: Scenario.Terms) -> Verdict {
        let start = ContinuousClock.now
        var findings: [Finding] = []
        var failure: String?
        do {
            findings = try scenario.run(terms)
        } catch {
            failure = "\(error)"
        }
        return Verdict(
            scenario: scenario.name, summary: scenario.summary, findings: findings, failure: failure,
            seconds: (ContinuousClock.now - start) / .seconds(1))
    }

    /// A line for each finding.
    var lines: [String] {
        findings.map { "  \($0.holds ? "✓" : "✗") \($0.claim)" + ($0.seen.isEmpty ? "" : ": \($0.seen)") }
            + (failure.map { ["  ✗ \($0)"] } ?? [])
    }

    /// All of them as a table.
    static func table(_ verdicts: [Verdict]) -> String {
        let width = verdicts.map(\.scenario.count).max() ?? 0
        let rows = verdicts.map { verdict in
            let name = verdict.scenario + String(repeating: " ", count: width - verdict.scenario.count)
            let count = verdict.findings.filter(\.holds).count
            let tenths = (verdict.seconds * 10).rounded() / 10
            return "\(name)  \(verdict.holds ? "holds " : "FAILS ")  \(count)/\(verdict.findings.count)  \(tenths) s"
        }
        let bad = verdicts.filter { !$0.holds }.count
        return (rows + [bad == 0 ? "all \(verdicts.count) hold" : "\(bad) of \(verdicts.count) fail"])
            .joined(separator: "\n")
    }
}
