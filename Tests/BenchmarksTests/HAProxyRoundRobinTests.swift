import Testing

@testable import Benchmarks

@Suite struct HAProxyRoundRobinTests {
    /// Orders that HAProxy 2.6.12 gave (haproxy-roundrobin.json).
    @Test(arguments: [
        ([5, 1, 1], "aaabaacaaabaacaaa"),
        ([4, 3, 2, 1], "abacbadabcabacbadabcaba"),
        ([1, 2, 2, 1, 3, 3, 3], "efgbcefgadebfcgefgbcefgadebfcgefg"),
    ])
    func givesTheObservedOrder(weights: [Int], order: String) {
        var model = HAProxyRoundRobin(weights: weights)
        let letters = Array("abcdefg")
        #expect(String(order.map { _ in model.pick().map { letters[$0] } ?? "-" }) == order)
    }

    @Test(arguments: [[], [0], [0, 0]])
    func nobodyWithoutWeight(weights: [Int]) {
        var model = HAProxyRoundRobin(weights: weights)
        #expect(model.pick() == nil)
        #expect(model.pick() == nil)
    }

    /// Remainders are carried over the end of a round, so a round may serve one turn more or less.
    @Test(arguments: [[1, 256], [256, 256, 255], [3, 0, 7, 1, 1, 200]])
    func turnsFollowTheWeights(weights: [Int]) {
        var model = HAProxyRoundRobin(weights: weights)
        var counts = [Int](repeating: 0, count: weights.count)
        for _ in 0..<10 * weights.reduce(0, +) { if let index = model.pick() { counts[index] += 1 } }
        for (count, weight) in zip(counts, weights) { #expect(abs(count - 10 * weight) <= 1) }
    }
}
