import Foundation
import Testing

@testable import LoadBalancing

@Suite struct SmoothWeightedRoundRobinTests {
    struct Vectors: Decodable {
        struct Case: Decodable {
            let weights: [Int]
            let order: [Int]
        }
        let cases: [Case]
    }

    static func picker(_ pool: ScriptedPool, seed: UInt64 = 1) -> SmoothWeightedRoundRobin {
        SmoothWeightedRoundRobin(for: pool.pool(), seed: seed)
    }

    @Test func picksWhatNginxPicks() throws {
        let file = try #require(
            Bundle.module.url(forResource: "nginx-smooth-wrr", withExtension: "json", subdirectory: "Vectors"))
        let cases = try JSONDecoder().decode(Vectors.self, from: Data(contentsOf: file)).cases
        #expect(cases.count >= 10)
        for vector in cases {
            let pool = ScriptedPool(weights: vector.weights)
            var picker = Self.picker(pool)
            #expect(pool.picks(vector.order.count, with: &picker) == vector.order, "weights \(vector.weights)")
        }
    }

    /// The example of the nginx change that introduced the method, {5, 1, 1}, and those of articles that explain it.
    @Test(arguments: [
        (weights: [5, 1, 1], order: "aabacaaaabacaa"),
        (weights: [4, 2, 1], order: "abacabaabacaba"),
        (weights: [1, 2, 3], order: "cbacbccbacbc"),
        (weights: [3, 3, 4], order: "cabcabcabccabcabcabc"),
        (weights: [1, 1], order: "abab"),
        (weights: [2_000_000_000, 1_000_000_000], order: "abaaba"),
        (weights: [0, 2], order: "bbbb"),
        (weights: [1, 0, 1], order: "acac"),
        (weights: [3], order: "aaa"),
        (weights: [0, 0], order: "---"),
        (weights: [], order: "---"),
    ])
    func interleavesByWeight(weights: [Int], order: String) {
        let pool = ScriptedPool(weights: weights)
        var picker = Self.picker(pool)
        #expect(pool.letters(order.count, with: &picker) == order)
    }

    @Test(arguments: [
        (weights: [1, 65_535], rotates: false),
        (weights: [1, 65_536], rotates: true),
        (weights: [1 << 31, 1], rotates: true),
        (weights: [1 << 31, 1 << 30], rotates: false),
    ])
    func longCyclesRotate(weights: [Int], rotates: Bool) {
        #expect((Self.picker(ScriptedPool(weights: weights)).rotation != nil) == rotates)
    }

    @Test func longCyclesLeaveOutWhoHasNoWeight() {
        let pool = ScriptedPool(weights: [0, 1 << 31, 0, 1 << 20, 1, 0])
        var picker = Self.picker(pool)
        let counts = pool.counts(10_000, of: 6, with: &picker)
        #expect(counts[0] == 0 && counts[2] == 0 && counts[5] == 0)
        // 10,000 · 2²⁰ / (2³¹ + 2²⁰ + 1) = 4.88, and the error is below 3 + 3.53 ln 10,000 = 35.5.
        #expect((0...40).contains(counts[3]))
        #expect(counts[1] >= 9_959)
    }

    /// More backends than the longest cycle; each is served once in each round, or nearly so.
    @Test func servesVeryManyBackends() {
        let count = 66_000
        let equal = ScriptedPool(count: count)
        var picker = Self.picker(equal)
        #expect(equal.picks(count + 2, with: &picker) == Array(0..<count) + [0, 1])

        let unequal = ScriptedPool(weights: (0..<count).map { 1 + $0 % 2 })
        picker = Self.picker(unequal)
        #expect(picker.rotation != nil)
        // ⌈2.62 / p⌉ picks meet every arc of length p = 1 / (1.5 · count); the heavier ones are twice as long.
        let counts = unequal.counts(count * 2, of: count, with: &picker)
        #expect(stride(from: 1, to: count, by: 2).allSatisfy { counts[$0] > 0 })
    }

    @Test func copiesGoTheirOwnWay() {
        let weights = [500, 300, 200, 71]
        let pool = ScriptedPool(weights: weights)
        let prototype = Self.picker(pool)
        var orders: Set<[Int?]> = []
        for copy in 0..<8 {
            var picker = prototype
            picker.diverge(PickerSeed(copy: copy, common: 5))
            let order = pool.picks(1_071, with: &picker)
            orders.insert(order)
            // Wherever it begins, a whole cycle serves everybody exactly.
            #expect(weights.indices.map { index in order.count { $0 == index } } == weights)
        }
        #expect(orders.count == 8)

        var first = prototype
        first.diverge(PickerSeed(copy: 0, common: 5))
        var same = prototype
        #expect(pool.picks(1_071, with: &first) == pool.picks(1_071, with: &same))
    }

    @Test(arguments: [
        // The same weights: as if nothing had happened.
        (old: [5, 1, 1], taken: 3, new: [5, 1, 1], order: "acaaaab"),
        // Twice the length: from the same place of it, the seventh of fourteen picks.
        (old: [5, 1, 1], taken: 7, new: [4, 2, 1], order: "abacaba"),
        (old: [1, 1], taken: 1, new: [1, 1, 1, 1], order: "cdab"),
        (old: [1, 1, 1, 1], taken: 3, new: [1, 1], order: "bab"),
        (old: [], taken: 0, new: [1, 2], order: "bab"),
        (old: [3, 1], taken: 2, new: [], order: "--"),
    ])
    func updatesGoOnWhereTheOldOneWas(old: [Int], taken: Int, new: [Int], order: String) {
        let before = ScriptedPool(weights: old)
        var picker = Self.picker(before)
        _ = before.picks(taken, with: &picker)
        let after = ScriptedPool(weights: new)
        var resumed = Self.picker(after)
        resumed.resume(from: picker)
        #expect(after.letters(order.count, with: &resumed) == order)
    }

    /// Two sets in turn, one pick from each, with cycles that are laid out and such that rotate: all get their shares.
    ///
    /// Wherever the steps of the place lie evenly, each is off by a few picks.
    @Test(arguments: [
        ([1, 1, 1], [1 << 31, 1, 1 << 30]), ([1 << 31, 1 << 30 + 1], [3, 1, 1]), ([5, 1, 1], [4, 2, 2]),
        ([1, 1, 1], [1, 1]), ([1 << 31, 1], [1 << 30, 1 << 30 + 1, 1]),
    ])
    func updatesAfterEveryPickKeepTheShares(one: [Int], other: [Int]) {
        let pools = [ScriptedPool(weights: one), ScriptedPool(weights: other)]
        var counts = [one, other].map { $0.map { _ in 0 } }
        var picker = Self.picker(pools[0])
        for step in 0..<6_000 {
            let set = step % 2
            if step > 0 {
                let old = picker
                picker = Self.picker(pools[set])
                picker.resume(from: old)
            }
            if let index = pools[set].pick(with: &picker) { counts[set][index] += 1 }
        }
        for (weights, counts) in zip([one, other], counts) {
            let total = weights.reduce(0, +)
            for (weight, count) in zip(weights, counts) {
                #expect(abs(count - 3_000 * weight / total) <= 30, "\(weights): \(counts)")
            }
        }
    }

    /// An update that is taken back before a pick changes nothing.
    @Test(arguments: [[1 << 31, 1 << 30, 1], [1, 2], [1, 1, 1, 1, 1], Array(repeating: 1, count: 1_009)])
    func thereAndBackIsTheSamePlace(weights: [Int]) {
        let pool = ScriptedPool(weights: [5, 1, 1])
        let between = ScriptedPool(weights: weights)
        var picker = Self.picker(pool)
        var order = ""
        for _ in 0..<14 {
            order += pool.letters(1, with: &picker)
            var other = Self.picker(between)
            other.resume(from: picker)
            picker = Self.picker(pool)
            picker.resume(from: other)
        }
        #expect(order == "aabacaaaabacaa")
    }

    @Test func longCyclesGoOnAfterAnUpdate() {
        let pool = ScriptedPool(weights: [1 << 31, 1 << 30, 1])
        var picker = Self.picker(pool)
        _ = pool.picks(100, with: &picker)
        var resumed = Self.picker(pool)
        resumed.resume(from: picker)
        #expect(pool.picks(100, with: &resumed) == pool.picks(100, with: &picker))
    }
}
