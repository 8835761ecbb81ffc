import Foundation
import Testing

@testable import LoadBalancing

@Suite struct GoldenRotationTests {
    /// Weights whose exact cycle is too long for a table.
    static let weights: [[Int]] = [
        [1 << 31, 1],
        [1, 1 << 31, 1],
        [2_147_483_647, 2_147_483_629, 2_147_483_587, 1],
        [1_000_003, 10_007, 101, 3],
        Array(repeating: 1 << 31, count: 50) + [1],
    ]

    /// The first k for which `start` + k · step (modulo 2⁶⁴) lies in an arc, by Euclid's algorithm: no counting.
    static func firstVisit(of arc: ClosedRange<UInt128>, from start: UInt64) -> UInt128 {
        /// The least x with low ≤ a · x mod m ≤ high.
        func least(_ a: UInt128, _ m: UInt128, _ low: UInt128, _ high: UInt128) -> UInt128 {
            if low == 0 { return 0 }
            if 2 * a > m { return least(m - a, m, m - high, m - low) }
            let x = (low + a - 1) / a
            if x * a <= high { return x }
            let y = least(a - m % a, a, low % a, high % a)
            return (low + m * y + a - 1) / a
        }
        let circle: UInt128 = 1 << 64
        let low = (arc.lowerBound + circle - UInt128(start)) % circle
        let high = (arc.upperBound + circle - UInt128(start)) % circle
        return low > high ? 0 : least(UInt128(GoldenRotation.step), circle, low, high)
    }

    /// The points of the circle that belong to a backend.
    static func arc(of index: Int, weights: [Int]) -> ClosedRange<UInt128> {
        let total = UInt128(weights.reduce(0, +))
        let begin = UInt128(weights[..<index].reduce(0, +)) << 64
        let end = begin + UInt128(weights[index]) << 64
        return (begin + total - 1) / total...(end + total - 1) / total - 1
    }

    @Test(arguments: weights.indices)
    func arcsAreWhatTheBackendsOwn(index: Int) {
        let weights = Self.weights[index]
        let rotation = GoldenRotation(of: ScriptedPool(weights: weights).pool())
        for backend in weights.indices {
            let arc = Self.arc(of: backend, weights: weights)
            #expect(rotation.backend(at: UInt64(arc.lowerBound)) == backend)
            #expect(rotation.backend(at: UInt64(arc.upperBound)) == backend)
        }
    }

    @Test(arguments: 0..<50 as Range<UInt64>)
    func firstVisitIsWhatCountingFinds(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        let start = random.next()
        let low = random.next() / 2
        let arc = UInt128(low)...UInt128(low) + UInt128(random.next() >> 8)
        var point = start
        var count: UInt128 = 0
        while !arc.contains(UInt128(point)) {
            point &+= GoldenRotation.step
            count += 1
        }
        #expect(Self.firstVisit(of: arc, from: start) == count, "seed \(seed)")
    }

    /// From a thousand places on, the next visit to every backend comes within ⌈2.62 / p⌉ picks, though for the smallest
    /// p here that is after 5.6 thousand million.
    @Test(arguments: weights.indices)
    func everyBackendIsServedInTime(index: Int) {
        let weights = Self.weights[index]
        let total = Double(weights.reduce(0, +))
        var random = SeededGenerator(seed: UInt64(index))
        let rotation = GoldenRotation(of: ScriptedPool(weights: weights).pool())
        for backend in weights.indices {
            let arc = Self.arc(of: backend, weights: weights)
            let bound = UInt128((2.62 * total / Double(weights[backend])).rounded(.up))
            var point = random.next()
            for visit in 0..<100 {
                let picks = Self.firstVisit(of: arc, from: point &+ GoldenRotation.step) + 1
                #expect(picks <= bound, "visit \(visit) of backend \(backend) of \(weights)")
                point &+= UInt64(truncatingIfNeeded: picks) &* GoldenRotation.step
                #expect(rotation.backend(at: point) == backend)
                if visit % 2 == 1 { point = random.next() }
            }
        }
    }

    /// Kuipers and Niederreiter, theorem 2.3.4: 3 + (1 / ln φ + 1 / ln 2) · ln N.
    @Test(arguments: 0..<30 as Range<UInt64>)
    func everyPrefixIsFair(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        let weights = (0..<random.number(in: 2...12)).map { _ in
            1 << random.number(in: 0...30) + random.number(in: 0...99)
        }
        let rotation = GoldenRotation(of: ScriptedPool(weights: weights).pool())
        let total = Double(weights.reduce(0, +))
        var counts = weights.map { _ in 0 }
        var point = random.next()
        for picks in 1...1_500 {
            point &+= GoldenRotation.step
            counts[rotation.backend(at: point)] += 1
            let bound = 3 + 3.53 * log(Double(picks))
            let error = zip(counts, weights).map { abs(Double($0) - Double(picks) * Double($1) / total) }.max() ?? 0
            #expect(error <= bound, "seed \(seed), weights \(weights), after \(picks) picks")
        }
    }
}
