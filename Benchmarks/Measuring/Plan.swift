/// How long and how often everything is run.
struct Plan: Codable, Sendable {
    /// What a timed run should take.
    let runNanoseconds: Double
    /// Timed runs, of which the median counts.
    let runs: Int
    /// How long the search for the longest stall takes.
    let stallNanoseconds: UInt64

    static let full = Plan(runNanoseconds: 12e6, runs: 7, stallNanoseconds: 200_000_000)
    static let quick = Plan(runNanoseconds: 3e6, runs: 5, stallNanoseconds: 50_000_000)
}
