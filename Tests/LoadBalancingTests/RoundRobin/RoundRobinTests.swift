import Testing

@testable import LoadBalancing

@Suite struct RoundRobinTests {
    @Test(arguments: [
        (weights: [1, 1, 1], start: 0, order: "abcabc"),
        (weights: [1, 1, 1], start: 2, order: "cabc"),
        (weights: [1, 1, 1], start: 3, order: "abc"),
        (weights: [1, 1, 1], start: -1, order: "abc"),
        // Weights other than 0 do not matter.
        (weights: [9, 1, 100], start: 0, order: "abcabc"),
        (weights: [0, 1, 0, 1, 1], start: 0, order: "bdebde"),
        (weights: [0, 1, 0, 1, 1], start: 1, order: "debd"),
        (weights: [5], start: 0, order: "aaa"),
        (weights: [0, 0], start: 0, order: "---"),
        (weights: [], start: 0, order: "---"),
    ])
    func everybodyInTurn(weights: [Int], start: Int, order: String) {
        let pool = ScriptedPool(weights: weights)
        var picker = RoundRobinPolicy(start: start).makePicker(for: pool.pool(), seed: 1)
        #expect(pool.letters(order.count, with: &picker) == order)
    }

    /// 5,000 seeds, five places to begin at: χ² with 4 degrees of freedom.
    @Test func beginsAnywhereUnlessToldWhere() {
        let pool = ScriptedPool(weights: [1, 1, 0, 1, 1, 1])
        var counts = Array(repeating: 0, count: 6)
        for seed in 0..<5_000 as Range<UInt64> {
            var picker = RoundRobinPolicy().makePicker(for: pool.pool(), seed: seed)
            if let index = pool.pick(with: &picker) { counts[index] += 1 }
        }
        let test = ChiSquare(of: counts, shares: [1, 1, 0, 1, 1, 1])
        #expect(test.isPassed, "\(test)")
    }

    @Test(arguments: [
        (old: 3, taken: 2, new: 3, order: "cab"),
        (old: 3, taken: 3, new: 3, order: "abc"),
        // After all turns: from the first again. After four of five: 1.6 of two turns have passed.
        (old: 3, taken: 3, new: 5, order: "abcde"),
        (old: 5, taken: 4, new: 2, order: "bab"),
        (old: 2, taken: 1, new: 6, order: "defab"),
        (old: 7, taken: 3, new: 14, order: "ghijklmna"),
        (old: 3, taken: 1, new: 0, order: "--"),
        (old: 0, taken: 1, new: 2, order: "abab"),
    ])
    func updatesGoOnWithTheNextTurn(old: Int, taken: Int, new: Int, order: String) {
        let before = ScriptedPool(count: old)
        var picker = RoundRobin(for: before.pool(), start: 0, seed: 1)
        _ = before.picks(taken, with: &picker)
        let after = ScriptedPool(count: new)
        var resumed = RoundRobin(for: after.pool(), start: 0, seed: 1)
        resumed.resume(from: picker)
        #expect(after.letters(order.count, with: &resumed) == order)
    }

    /// Two sets in turn, one pick from each: nobody of either is passed over.
    @Test(arguments: [(3, 2), (2, 3), (7, 5), (1, 4), (20, 19), (10, 5)])
    func updatesAfterEveryPickPassNobodyOver(one: Int, other: Int) {
        let pools = [ScriptedPool(count: one), ScriptedPool(count: other)]
        var counts = [one, other].map { Array(repeating: 0, count: $0) }
        var picker = RoundRobin(for: pools[0].pool(), start: 0, seed: 1)
        let rounds = 10 * one * other
        for step in 0..<2 * rounds {
            let set = step % 2
            if step > 0 {
                let old = picker
                picker = RoundRobin(for: pools[set].pool(), start: 0, seed: 1)
                picker.resume(from: old)
            }
            if let index = pools[set].pick(with: &picker) { counts[set][index] += 1 }
        }
        // Two picks move the place by 1 / one + 1 / other of all turns, whose multiples lie evenly among them.
        #expect(counts[0].allSatisfy { abs($0 - rounds / one) <= rounds / one / 5 }, "\(counts[0])")
        #expect(counts[1].allSatisfy { abs($0 - rounds / other) <= rounds / other / 5 }, "\(counts[1])")
    }

    @Test func copiesBeginElsewhereButTheFirst() {
        let pool = ScriptedPool(count: 1_000)
        let prototype = RoundRobin(for: pool.pool(), start: 7, seed: 1)
        let starts = (0..<10).map { copy in
            var picker = prototype
            picker.diverge(PickerSeed(copy: copy, common: 3))
            return pool.pick(with: &picker)
        }
        #expect(starts[0] == 7)
        #expect(Set(starts).count == 10)
    }

    /// Six backends, the second down: its turns go to the five others alike, not to the third.
    ///
    /// Each of the others has its own 2,000 turns and of the 2,000 refused ones a binomial share with p = 1/5: mean 400,
    /// standard deviation √(2000 · 0.2 · 0.8) = 18; four of those are 72.
    @Test func nobodyInheritsTheTurnsOfANeighbourThatIsDown() {
        let pool = ScriptedPool(count: 6)
        pool.setAdmission(Admission(gate: .down), at: 1)
        var picker = RoundRobin(for: pool.pool(), start: 0, seed: 1)
        let counts = pool.counts(12_000, of: 6, with: &picker)
        #expect(counts[1] == 0)
        for index in [0, 2, 3, 4, 5] { #expect(abs(counts[index] - 2_400) <= 72, "\(counts)") }
    }

    @Test func theOrderGoesOnWhenEverybodyIsBack() {
        let pool = ScriptedPool(count: 4)
        var picker = RoundRobin(for: pool.pool(), start: 0, seed: 1)
        pool.setAdmission(Admission(gate: .draining), at: 2)
        _ = pool.picks(7, with: &picker)
        pool.setAdmission(.full, at: 2)
        #expect(pool.letters(5, with: &picker) == "dabcd")
    }
}
