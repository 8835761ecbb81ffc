import Testing

@testable import LoadBalancing

/// What holds for rings of every dialect.
@Suite struct HashRingTests {
    static func backends(_ weights: [Int]) -> [WeightedName] {
        weights.enumerated().map { WeightedName("10.0.\($0 / 250).\(1 + $0 % 250):80", weight: $1) }
    }

    static let hashes: [UInt64] = {
        var random = SeededGenerator(seed: 11)
        return [0, 1, .max, 1 << 32 - 1, 1 << 32] + (0..<200).map { _ in random.next() }
    }()

    /// Dialects whose points depend on the backend alone, and weights for which they do: libmemcached's unweighted ones
    /// become weighted, by shares, with any weight above 1.
    static let absolute = RingDialect.named.compactMap { dialect -> (RingDialect, [Int])? in
        switch dialect.counts {
        case .fixed, .perWeight:
            (dialect, dialect.becomesWeighted ? Array(repeating: 1, count: 8) : [3, 1, 2, 1, 4, 1, 1, 2])
        default: nil
        }
    }

    @Test(arguments: RingDialect.named)
    func answersNothingWithoutWeights(dialect: RingDialect) throws {
        for weights in [[], [0], [0, 0, 0]] {
            let ring = try HashRing(Self.backends(weights), dialect: dialect)
            #expect(ring.backendCount == weights.count)
            #expect(ring.pointCount == 0)
            #expect(ring.backend(forKey: "key") == nil)
            #expect(ring.point(for: 7) == nil)
            for hash in Self.hashes {
                #expect(ring.backend(for: hash) == nil)
                #expect(ring.backend(for: hash) { _ in true } == nil)
            }
        }
    }

    @Test(arguments: RingDialect.named)
    func oneBackendHasAllKeys(dialect: RingDialect) throws {
        for weights in [[1], [0, 3, 0]] {
            let ring = try HashRing(Self.backends(weights), dialect: dialect)
            let only = weights.count / 2
            for hash in Self.hashes {
                #expect(ring.backend(for: hash) == only)
                #expect(ring.backend(for: hash) { $0 == only } == only)
                #expect(ring.backend(for: hash) { $0 != only } == nil)
            }
        }
    }

    @Test(arguments: RingDialect.named)
    func namesEveryWeightedBackendOnce(dialect: RingDialect) throws {
        let weights = [3, 0, 1, 1, 12, 0, 2, 5, 1, 1]
        let ring = try HashRing(Self.backends(weights), dialect: dialect)
        let weighted = Set(weights.indices.filter { weights[$0] > 0 })
        for hash in Self.hashes {
            let order = ring.candidateOrder(of: hash)
            #expect(order.first == ring.backend(for: hash))
            #expect(order.count == weighted.count)
            #expect(Set(order) == weighted)
            for index in weighted { #expect(ring.backend(for: hash) { $0 == index } == index) }
            var asked: Set<Int> = []
            #expect(ring.backend(for: hash) { !asked.insert($0).inserted && false } == nil)
            #expect(asked == weighted)
        }
    }

    /// Refusing a backend is the same as its having no weight, so nobody's keys move twice when it goes for good.
    @Test(arguments: absolute)
    func refusedIsAsIfGone(dialect: RingDialect, weights: [Int]) throws {
        let ring = try HashRing(Self.backends(weights), dialect: dialect)
        for gone in [[0], [4], [1, 2], [0, 3, 4, 5, 7]] {
            var left = weights
            for index in gone { left[index] = 0 }
            let rest = try HashRing(Self.backends(left), dialect: dialect)
            for hash in Self.hashes {
                let index = ring.backend(for: hash) { !gone.contains($0) }
                #expect(index == rest.backend(for: hash), "\(dialect.name) without \(gone)")
            }
        }
    }

    /// A backend that comes or goes takes or gives keys of its own only.
    @Test(arguments: absolute)
    func onlyOwnKeysMove(dialect: RingDialect, weights: [Int]) throws {
        let ring = try HashRing(Self.backends(weights), dialect: dialect)
        for changed in weights.indices {
            for weight in [0, 2 * weights[changed]] where weight < 2 || !dialect.becomesWeighted {
                var other = weights
                other[changed] = weight
                let after = try HashRing(Self.backends(other), dialect: dialect)
                for hash in Self.hashes {
                    let (was, now) = (ring.backend(for: hash), after.backend(for: hash))
                    if was != now { #expect((weight < weights[changed] ? was : now) == changed, "\(dialect.name)") }
                }
            }
        }
    }

    /// Where a dialect goes by names, their order changes nothing.
    @Test(arguments: RingDialect.named.filter { $0.places != .haproxy })
    func orderDoesNotMatter(dialect: RingDialect) throws {
        // Envoy's counts depend on the order if they are not whole: weights of one are.
        let weights =
            dialect.counts == RingDialect.envoy().counts ? Array(repeating: 1, count: 8) : [3, 1, 2, 1, 4, 1, 1, 2]
        let backends = Self.backends(weights)
        let ring = try HashRing(backends, dialect: dialect)
        let backwards = try HashRing(backends.reversed(), dialect: dialect)
        for hash in Self.hashes {
            #expect(ring.backend(for: hash) == backwards.backend(for: hash).map { 7 - $0 })
        }
    }

    @Test(arguments: RingDialect.named)
    func sharesFollowWeights(dialect: RingDialect) throws {
        let weights = [1, 2, 3, 4]
        let ring = try HashRing(Self.backends(weights), dialect: dialect)
        let counts =
            dialect.counts == .fixed(100) && !dialect.becomesWeighted
            || dialect.counts == .fixed(40) && dialect.name == "spymemcached"
        for (index, share) in ring.shares.enumerated() {
            let expected = counts ? 0.25 : Double(weights[index]) / 10
            // Of 16 to 160 points a unit of weight; five deviations of the fewest: 16 points of HAProxy's first.
            let points = Double(ring.pointCount) * expected
            #expect(abs(share / expected - 1) < 5 / points.squareRoot(), "\(dialect.name), backend \(index)")
        }
    }

    @Test func keysAreTextBytesAndSpans() throws {
        let ring = try HashRing(Self.backends([1, 1, 1, 1]), dialect: .libmemcachedWeighted)
        for key in RingVectors.keys.prefix(50) + ["", "straße"] {
            let bytes = Array(key.utf8)
            let index = ring.backend(forKey: key)
            #expect(ring.backend(forKey: bytes) == index)
            #expect(ring.backend(forKey: key[...]) == index)
            #expect(withBytes(key) { ring.backend(forKey: $0) } == index)
            #expect(ring.hash(ofKey: bytes) == ring.hash(ofKey: key))
            #expect(withBytes(key) { ring.hash(ofKey: $0) } == ring.hash(ofKey: key))
        }
    }

    /// Bytes above 127 are negative to the programs whose `char` is signed.
    @Test func signedBytesAreHashedAsThePrograms() throws {
        let ring = try HashRing([WeightedName("a")], dialect: .libmemcached(.oneAtATime))
        #expect(ring.hash(ofKey: "straße") == UInt64(OneAtATime.Signed.hash("straße")))
        #expect(ring.hash(ofKey: "straße") != UInt64(OneAtATime.hash("straße")))
    }

    @Test func hashesBeyond32BitsAreCut() throws {
        let ring = try HashRing(Self.backends([1, 1, 1]), dialect: .nginx)
        for hash in Self.hashes { #expect(ring.backend(for: hash) == ring.backend(for: hash & 0xFFFF_FFFF)) }
    }

    @Test func veryManyBackends() throws {
        let backends = (0..<20_000).map { WeightedName("backend-\($0)") }
        let ring = try HashRing(backends, dialect: .standard(pointsPerBackend: 2))
        #expect(ring.pointCount == 40_000)
        let owned = Set((0..<40_000).map { ring.ends.owner(at: $0) })
        #expect(owned.count == 20_000)
        var asked = 0
        #expect(
            ring.backend(for: 5) {
                asked += 1
                return $0 == 19_999
            } == 19_999)
        // After the first steps each backend is asked once.
        #expect(asked <= 20_100)
    }
}
