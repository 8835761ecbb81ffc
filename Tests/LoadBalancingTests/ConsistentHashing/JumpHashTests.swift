import Testing

@testable import LoadBalancing

@Suite struct JumpHashTests {
    /// Values of the published algorithm, computed with its C code.
    @Test(arguments: [
        (key: 1, count: 1, bucket: 0), (key: 42, count: 57, bucket: 43), (key: 0xDEAD_10CC, count: 1, bucket: 0),
        (key: 0xDEAD_10CC, count: 666, bucket: 361), (key: 256, count: 1, bucket: 0),
        (key: 256, count: 1_024, bucket: 520),
        (key: 0, count: 100_000, bucket: 0), (key: 7, count: 0, bucket: 0), (key: 7, count: -3, bucket: 0),
    ])
    func bucketsAreThePublishedOnes(key: UInt64, count: Int, bucket: Int) {
        #expect(JumpHash.bucket(of: key, among: count) == bucket)
    }

    /// One bucket more takes keys from all others and moves none between them; the greatest counts are no trap.
    @Test func keysJumpToNewBucketsOnly() {
        for key in keyHashes(200) {
            var bucket = 0
            for count in 2...200 {
                let next = JumpHash.bucket(of: key, among: count)
                #expect(next == bucket || next == count - 1)
                bucket = next
            }
            #expect(0..<(1 << 31) ~= JumpHash.bucket(of: key, among: .max))
            #expect(JumpHash.bucket(of: key, among: .max) == JumpHash.bucket(of: key, among: 1 << 31))
        }
    }

    @Test func withoutWeightsKeysAreWhereTheyWerePublished() throws {
        let table = try JumpHash(WeightedName.servers(17))
        #expect(table.bucketCount == 17 && table.owners == nil)
        for key in keyHashes(500) { #expect(table.backend(for: key) == JumpHash.bucket(of: key, among: 17)) }
    }

    /// A backend of weight w has w buckets in a row.
    @Test func weightsAreBuckets() throws {
        let table = try JumpHash(WeightedName.servers([2, 0, 3, 1]))
        #expect(table.bucketCount == 6)
        for key in keyHashes(500) {
            #expect(table.backend(for: key) == [0, 0, 2, 2, 2, 3][JumpHash.bucket(of: key, among: 6)])
        }
    }

    /// Who is appended takes its share from all others, and no key moves between those.
    @Test(arguments: [[1, 1, 1, 1], [4, 2, 3, 1]], [1, 5])
    func whoIsAppendedTakesKeys(weights: [Int], weight: Int) throws {
        let table = try JumpHash(WeightedName.servers(weights))
        let grown = try JumpHash(WeightedName.servers(weights + [weight]))
        var taken = Array(repeating: 0, count: weights.count)
        for key in keyHashes(8_000) {
            let (before, after) = (try #require(table.backend(for: key)), try #require(grown.backend(for: key)))
            guard before != after else { continue }
            #expect(after == weights.count)
            taken[before] += 1
        }
        let test = ChiSquare(of: taken, shares: weights.map(Double.init))
        #expect(test.isPassed, "\(test)")
        // Binomial: six standard deviations.
        let share = Double(weight) / Double(weights.reduce(weight, +))
        let mean = 8_000 * share
        #expect(abs(Double(taken.reduce(0, +)) - mean) < 6 * (mean * (1 - share)).squareRoot())
    }
}
