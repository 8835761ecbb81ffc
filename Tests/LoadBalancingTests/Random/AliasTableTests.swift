import Testing

@testable import LoadBalancing

@Suite struct AliasTableTests {
    static func weights(seed: UInt64) -> [UInt32] {
        var random = SeededGenerator(seed: seed)
        let count = random.number(in: 1...200)
        let largest = [1, 7, 1_000, 1 << 31][Int(seed % 4)]
        var weights = random.numbers(count, in: 0...largest).map { UInt32($0) }
        weights[random.number(in: 0...count - 1)] = 1 << 31
        return weights
    }

    /// Put together from its cells, each backend has the probability of its weight, to n · 2⁻⁶⁴ of a cell.
    ///
    /// Each cell rounds what it leaves to its own backend down by less than 2⁻⁶⁴ of a cell, and gives it to the alias; a
    /// backend loses to rounding once at most, and gains from n − 1 cells at most.
    @Test(arguments: 0..<100 as Range<UInt64>)
    func cellsAddUpToTheWeights(seed: UInt64) {
        let weights = Self.weights(seed: seed)
        let table = AliasTable(weights)
        let cell: UInt128 = 1 << 64
        var parts = weights.map { _ in 0 as UInt128 }
        for index in 0..<table.cells.count {
            // A cell that is its own alias is all its own.
            let own = table.cells[index].alias == index ? cell : UInt128(table.cells[index].own)
            parts[index] += own
            parts[Int(table.cells[index].alias)] += cell - own
        }
        #expect(table.cells.count == weights.count)
        #expect(parts.reduce(0, +) == cell * UInt128(weights.count), "seed \(seed)")
        let total = weights.reduce(0) { $0 + UInt128($1) }
        for (part, weight) in zip(parts, weights) {
            let exact = UInt128(weight) * UInt128(weights.count) * cell
            let error = part * total > exact ? part * total - exact : exact - part * total
            #expect(error <= UInt128(weights.count) * total, "seed \(seed), weight \(weight)")
            if weight == 0 { #expect(part == 0, "seed \(seed)") }
        }
    }

    @Test(arguments: [[], [0], [0, 0, 0]] as [[UInt32]])
    func nothingToDrawFromIsAnEmptyTable(weights: [UInt32]) {
        #expect(AliasTable(weights).cells.count == 0)
    }

    /// The cells of {1, 3}: the first is half its own, half the second's; the second is all its own.
    @Test(
        arguments: [
            (random: 0, backend: 0),
            (random: .max / 4, backend: 0),
            (random: .max / 4 + 2, backend: 1),
            (random: .max / 2 + 1, backend: 1),
            (random: .max, backend: 1),
        ] as [(random: UInt64, backend: Int)])
    func readsOneWord(random: UInt64, backend: Int) {
        #expect(AliasTable([1, 3]).backend(for: random) == backend)
    }
}
