import Testing

@testable import LoadBalancing

/// ``RingDialect/standard``: by distance and weight.
@Suite struct StandardRingTests {
    static func ring(_ weights: [Int], points: Int = 160) throws -> HashRing {
        try HashRing(
            weights.enumerated().map { WeightedName("backend-\($0)", weight: $1) },
            dialect: .standard(pointsPerBackend: points))
    }

    /// The owner by the definition: least distance to the next point over weight, the heavier on a tie.
    static func nearest(_ place: UInt64, _ points: RingPoints, _ weights: [Int], where accepts: (Int) -> Bool) -> Int? {
        var best: (index: Int, distance: UInt128, weight: UInt128)?
        for index in 0..<points.count {
            let owner = Int(points.owner(index))
            guard accepts(owner) else { continue }
            let distance = UInt128((points.place(index) >> 24 &- place >> 24) & (1 << 40 - 1))
            let weight = UInt128(weights[owner])
            if let best {
                let (own, other) = (distance * best.weight, best.distance * weight)
                guard own < other || own == other && weight > best.weight else { continue }
            }
            best = (owner, distance, weight)
        }
        return best?.index
    }

    static let weightSets: [[Int]] = [
        [1, 2], [1, 1000], [1 << 31, 1], [1 << 31, 1 << 31 - 1, 1 << 30], [5, 5, 5, 6], [1, 2, 3, 5, 8, 13, 21],
        [0, 7, 0, 3, 900, 1, 1, 2], [10, 9, 8, 7, 6, 5, 4, 3, 2, 1],
    ]

    @Test(arguments: weightSets, [1, 2, 7, 40])
    func everyKeyGoesToTheNearestForItsWeight(weights: [Int], points: Int) throws {
        let ring = try Self.ring(weights, points: points)
        let table = try ring.dialect.points(
            of: weights.enumerated().map { WeightedName("backend-\($0)", weight: $1) })
        var random = SeededGenerator(seed: UInt64(points))
        var places = (0..<300).map { _ in random.next() }
        // Where keys end, and the first place beyond.
        for index in 0..<ring.ends.count {
            places += [ring.ends.place(at: index), ring.ends.place(at: index) &+ 1 << 24]
        }
        for place in places {
            #expect(ring.backend(for: place) == Self.nearest(place, table, weights) { _ in true })
            let refused = Set((0..<2).map { _ in Int(random.next() % UInt64(weights.count)) })
            let index = ring.backend(for: place) { !refused.contains($0) }
            #expect(index == Self.nearest(place, table, weights) { !refused.contains($0) })
        }
    }

    @Test(arguments: weightSets)
    func onlyRatiosCount(weights: [Int]) throws {
        let ring = try Self.ring(weights)
        let least = weights.max() ?? 1
        let factor = max(1, (1 << 31) / least)
        let scaled = try Self.ring(weights.map { $0 * factor })
        #expect(scaled.pointCount == ring.pointCount)
        #expect(scaled.ends.count == ring.ends.count)
        for index in 0..<ring.ends.count {
            #expect(scaled.ends.place(at: index) == ring.ends.place(at: index))
            #expect(scaled.ends.owner(at: index) == ring.ends.owner(at: index))
        }
    }

    /// Each share within five standard deviations, of about share ÷ √points each.
    @Test(arguments: [[1, 1000], [1 << 31, 1 << 20], [3, 1], [1, 2, 3, 4, 5, 6, 7, 8, 9, 10], [1, 1, 1, 997]])
    func sharesFollowWeights(weights: [Int]) throws {
        let points = 2000
        let shares = try Self.ring(weights, points: points).shares
        let total = Double(weights.reduce(0, +))
        for (weight, share) in zip(weights, shares) {
            let expected = Double(weight) / total
            #expect(abs(share - expected) < 5 * expected / Double(points).squareRoot(), "weight \(weight)")
        }
    }

    /// Sums of the moved arcs: a weight that grows by a tenth takes about its share of that from the others.
    @Test func aSmallChangeMovesLittle() throws {
        let before = try Self.ring(Array(repeating: 1000, count: 50))
        var weights = Array(repeating: 1000, count: 50)
        weights[7] = 1100
        let after = try Self.ring(weights)
        let (old, new) = (before.shares, after.shares)
        for index in weights.indices where index != 7 { #expect(new[index] <= old[index]) }
        // A tenth of a fiftieth, of which the others keep a fiftieth; within half of it.
        #expect(abs((new[7] - old[7]) / (0.1 / 50) - 1) < 0.5)
    }

    @Test func equalWeightsAreAPlainRing() throws {
        let ring = try Self.ring(Array(repeating: 5, count: 20))
        let points = try ring.dialect.points(of: (0..<20).map { WeightedName("backend-\($0)") })
        #expect(ring.ends.count == points.count)
        for index in 0..<points.count {
            #expect(ring.ends.place(at: index) == points.place(index))
            #expect(ring.ends.owner(at: index) == Int(points.owner(index)))
        }
    }

    /// The order in which points are made, and the hash they are made by, are a promise.
    @Test func pointsAreAsDocumented() throws {
        let points = try RingDialect.standard(pointsPerBackend: 3).points(of: [WeightedName("a")])
        let expected = (0..<3 as Range<UInt64>).map { XXH64.hash($0, seed: XXH64.hash("a")) >> 24 }.sorted()
        #expect((0..<3).map { points.place($0) >> 24 } == expected)
        let ring = try Self.ring([1, 1])
        #expect(ring.hash(ofKey: "user:42") == XXH64.hash("user:42"))
    }
}
