import Testing

@testable import Benchmarks

/// The search for the rate without loss finds what a way can do, whatever else the machine does.
struct LosslessSearchTests {
    private typealias Trial = LosslessSearch.Trial

    /// A way that carries `capacity` frames a second, of a source that sends `source` at most.
    private func way(_ rate: Int, capacity: Int, source: Int = .max) -> Trial {
        let sent = min(rate, source)
        return Trial(sent: sent, received: min(sent, capacity))
    }

    @Test(arguments: [
        // All of a flood arrives: it is the source that has no more.
        (source: 500_000, capacity: 600_000, flood: 500_000),
        // Much of a flood is lost, and a little.
        (source: 900_000, capacity: 400_000, flood: 400_000),
        (source: 900_000, capacity: 880_000, flood: 880_000),
        // In a flood, a way carries less than it otherwise could, or more.
        (source: 900_000, capacity: 700_000, flood: 300_000),
        (source: 900_000, capacity: 20_000, flood: 400_000),
    ])
    func findsWhatIsKept(source: Int, capacity: Int, flood: Int) {
        let search = LosslessSearch(patience: 1, resolution: 0.02)
        let result = search.result(after: Trial(sent: source, received: flood)) { way($0, capacity: capacity) }
        let kept = min(source, capacity)
        #expect(result.best <= kept && Double(result.best) > 0.979 * Double(kept), "\(result)")
        #expect(result.isLimitedBySource == (source <= capacity))
    }

    /// Of three trials at a rate, others on the machine may spoil two.
    @Test(arguments: [(patience: 3, isFound: true), (patience: 2, isFound: false)])
    func aRateIsGivenUpAfterSomeLosses(patience: Int, isFound: Bool) {
        let search = LosslessSearch(patience: patience, resolution: 0.02)
        var number = 0
        let result = search.result(after: Trial(sent: 900_000, received: 400_000)) { rate in
            number += 1
            let trial = way(rate, capacity: 400_000)
            return number % 3 == 0 ? trial : Trial(sent: trial.sent, received: trial.received - 1)
        }
        #expect((result.best > 390_000) == isFound, "\(result)")
    }

    /// A source that is late has sent less evenly than it should: what is lost then is not the way's.
    @Test func trialsOfALateSourceAreDoneAgain() {
        let search = LosslessSearch(patience: 1, resolution: 0.02)
        var number = 0
        let result = search.result(after: Trial(sent: 900_000, received: 400_000)) { rate in
            number += 1
            return number % 2 == 0
                ? way(rate, capacity: 400_000) : Trial(sent: rate * 9 / 10, received: rate / 2)
        }
        #expect(result.best > 392_000, "\(result)")
        var trials = 0
        let none = search.result(after: Trial(sent: 900_000, received: 400_000)) { rate in
            trials += 1
            return Trial(sent: rate / 2, received: rate / 2)
        }
        #expect(none == LosslessSearch.Result(best: 0, isLimitedBySource: false))
        #expect(trials < 60)
    }
}
