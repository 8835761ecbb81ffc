import Testing

@testable import LoadBalancing

@Suite struct LoadWordTests {
    @Test(
        arguments: [
            (upper: 0, references: 1, inFlight: 0),
            (upper: 5, references: 3, inFlight: 2),
            (upper: 1 << 43 - 1, references: 1 << 20 - 1, inFlight: 1 << 20 - 2),
        ] as [(upper: UInt64, references: UInt64, inFlight: UInt64)])
    func countsMembershipAndLeases(upper: UInt64, references: UInt64, inFlight: UInt64) {
        for mark in [0, LoadWord.watchMark] {
            let word = LoadWord(bits: upper << 21 | mark | references)
            #expect(word.upper == upper)
            #expect(word.references == references)
            #expect(word.inFlight == inFlight)
            #expect(word.isWatched == (mark != 0))
        }
    }

    @Test(arguments: [0, 1, 1 << 43 - 1] as [UInt64], [2, 3, 1_000, LoadWord.maximumCount, 1 << 20 - 1] as [UInt64])
    func onlyTheLastReferenceAndTheWatchedWantMore(upper: UInt64, references: UInt64) {
        #expect(!LoadWord(bits: upper << 21 | references).wantsMore)
        #expect(LoadWord(bits: upper << 21 | LoadWord.watchMark | references).wantsMore)
        #expect(LoadWord(bits: upper << 21 | 1).wantsMore)
        #expect(LoadWord(bits: upper << 21 | LoadWord.watchMark | 1).wantsMore)
    }

    /// Leases begun at `starts` microseconds, added one by one as leases do, and read at `now`.
    @Test(
        arguments: [
            (starts: [], now: 100, age: 0),
            (starts: [40], now: 100, age: 60),
            (starts: [40, 70, 100], now: 100, age: 90),
            // Starts seen by another thread's clock a little later than now.
            (starts: [105], now: 100, age: -5),
            // The sum has run over 2⁴³ several times.
            (starts: Array(repeating: 1 << 42, count: 5), now: 1 << 42 + 20, age: 100),
            (starts: [1 << 43 - 10, 1 << 43 - 20], now: 1 << 43, age: 30),
        ] as [(starts: [UInt64], now: UInt64, age: Int64)])
    func agesFollowFromTheSumOfStarts(starts: [UInt64], now: UInt64, age: Int64) {
        let measurement = Measurement(latency: nil, sumsStartTimes: true)
        var bits: UInt64 = 1
        for start in starts { bits &+= measurement.deltas(start: Timestamp(nanoseconds: start * 1_000)).begin }
        let word = LoadWord(bits: bits)
        #expect(word.inFlight == UInt64(starts.count))
        let term = LoadWord.startTerm(Timestamp(nanoseconds: now * 1_000))
        #expect(word.totalAge(at: term) == age << 21)
        // Two more without an age change nothing, nor does anybody who waits.
        #expect(LoadWord(bits: bits + 2).totalAge(at: term, kept: 2) == age << 21)
        #expect(LoadWord(bits: bits | LoadWord.watchMark).totalAge(at: term) == age << 21)
        for start in starts { bits &-= measurement.deltas(start: Timestamp(nanoseconds: start * 1_000)).end }
        #expect(bits == 1)
    }

    @Test func withoutStartsTheUpperPartCountsLeasesBegun() {
        let deltas = Measurement(latency: nil, sumsStartTimes: false).deltas(start: Timestamp(nanoseconds: 99))
        let afterTwo = LoadWord(bits: 1 + 2 * deltas.begin - deltas.end)
        #expect(afterTwo.upper == 2)
        #expect(afterTwo.inFlight == 1)
    }
}
