import LoadBalancing
import Synchronization

/// Lets contenders run set-ups with several seeds, one run a thread.
struct Tournament {
    /// One set-up, and all who ran it.
    struct Result {
        let scenario: Scenario
        let setup: Setup
        let summaries: [Summary]
    }

    private struct Entry: Sendable {
        let setup: Setup
        let contender: Contender
        let seed: UInt64
    }

    /// Who is compared; `nil` for those whom each scenario shows.
    let chosen: [Contender]?
    let seeds: [UInt64]
    let progress: Progress

    /// Runs a scenario's set-ups, each with its bound as well.
    func run(_ scenario: Scenario, setups: [Setup]) throws -> [Result] {
        var entries: [Entry] = []
        let contenders =
            chosen.map { $0.filter { $0.fits(scenario) } } ?? Contender.all.filter { $0.isShown(in: scenario) }
        for setup in setups {
            for contender in contenders + [Contender(setup.bound)] {
                entries += seeds.map { Entry(setup: setup, contender: contender, seed: $0) }
            }
        }
        progress.show("\(scenario.rawValue): \(entries.count) runs")
        let runs = try runAll(entries)
        var place = 0
        func nextRuns() -> [Run] {
            defer { place += seeds.count }
            return Array(runs[place..<place + seeds.count])
        }
        return setups.map { setup in
            let mine = contenders.map { ($0, nextRuns()) } + [(Contender(setup.bound), nextRuns())]
            let bound = mine.last?.1 ?? []
            return Result(
                scenario: scenario, setup: setup,
                summaries: mine.map { Summary(scenario, setup, $0.0, $0.1, bound: bound) })
        }
    }

    private func runAll(_ entries: [Entry]) throws -> [Run] {
        let next = Atomic(0)
        let shared = Shared(next: next)
        let parts = ThreadTeam.run(Stopwatch.cores) { _ in
            Swift.Result {
                var runs: [(Int, Run)] = []
                while let place = shared.take(below: entries.count) {
                    let entry = entries[place]
                    runs.append((place, try entry.contender.run(entry.setup, seed: entry.seed)))
                }
                return runs
            }
        }
        return try parts.flatMap { try $0.get() }.sorted { $0.0 < $1.0 }.map(\.1)
    }

    /// The number of the entry that is run next.
    private final class Shared: Sendable {
        private let next: Atomic<Int>

        init(next: consuming Atomic<Int>) {
            self.next = next
        }

        func take(below count: Int) -> Int? {
            let place = next.wrappingAdd(1, ordering: .relaxed).oldValue
            return place < count ? place : nil
        }
    }
}
