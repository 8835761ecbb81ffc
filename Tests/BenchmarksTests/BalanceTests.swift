import LoadBalancing
import Testing

@testable import Benchmarks

/// What `balance` counts, on sets small enough to count by hand.
@Suite struct BalanceTests {
    private let four = BackendSet.backends(4, .equal)

    @Test(
        arguments: [
            ([1, 1, 1, 1], [1, 1, 1, 1], 1, 1),
            ([2, 1, 1, 0], [1, 1, 1, 1], 2, 0),
            ([1, 2, 3], [1, 2, 3], 1, 1),
            ([3, 1, 0], [1, 1, 0], 1.5, 0.5),
        ] as [([Double], [Int], Double, Double)])
    func spreadsAreRatiosToFairShares(shares: [Double], weights: [Int], maximum: Double, minimum: Double) throws {
        let spread = try #require(Spread(shares: shares, weights: weights))
        #expect(abs(spread.maximum - maximum) < 1e-12)
        #expect(abs(spread.minimum - minimum) < 1e-12)
    }

    @Test func nobodyHasNoSpread() {
        #expect(Spread(shares: [0, 0], weights: [0, 0]) == nil)
    }

    @Test func removalMovesTheKeysOfTheRemovedAtLeast() {
        let change = BackendChange.removing(1, from: four, lastFillsHole: false)
        #expect(change.backends.map(\.name) == [0, 2, 3].map { four[$0].name })
        var movement = Movement()
        // The keys of 1 go to 0 and 3; one of 2 moves to 3 without need.
        movement.add(change, before: [0, 1, 1, 2, 2, 3], after: [0, 0, 2, 1, 2, 2])
        #expect(movement.minimum == 2.0 / 6)
        #expect(movement.moved == 3.0 / 6)
        #expect(movement.ratio == 1.5)
    }

    @Test func theLastMayFillTheHole() {
        let change = BackendChange.removing(1, from: four, lastFillsHole: true)
        #expect(change.backends.map(\.name) == [0, 3, 2].map { four[$0].name })
        var movement = Movement()
        movement.add(change, before: [0, 1, 2, 3], after: [0, 2, 2, 1])
        #expect(movement.ratio == 1)
    }

    @Test func additionHasTheFairShareOfTheNewOneAsItsLeast() {
        let change = BackendChange.adding(like: 0, to: four, number: 0)
        #expect(change.backends.count == 5)
        #expect(Set(change.backends.map(\.name)).count == 5)
        #expect(change.minimum == 1.0 / 5)
        var movement = Movement()
        movement.add(change, before: [0, 1, 2, 3, 3], after: [0, 1, 2, 3, 4])
        #expect(movement.ratio == 1)
    }

    @Test(arguments: [(10, 11.0 / 41 - 10.0 / 40), (-10, 10.0 / 40 - 9.0 / 39)] as [(Int, Double)])
    func reweightingHasTheDifferenceOfSharesAsItsLeast(percent: Int, minimum: Double) {
        let set = BackendSet.backends(4, .equal, scale: 10)
        let change = BackendChange.reweighting(2, by: percent, in: set)
        #expect(change.backends[2].weight == 10 + percent / 10)
        #expect(abs(change.minimum - minimum) < 1e-12)
    }

    @Test func failuresMoveTheKeysOfTheDeadAtLeast() {
        var movement = Movement()
        movement.add(dead: [true, false, false], before: [0, 0, 1, 2], after: [1, 2, 1, 1])
        #expect(movement.minimum == 0.5)
        #expect(movement.moved == 0.75)
    }

    @Test func keysWithoutABackendHaveMoved() {
        var movement = Movement()
        movement.add(
            BackendChange.removing(0, from: four, lastFillsHole: false), before: [0, 1, KeySample.nobody],
            after: [KeySample.nobody, KeySample.nobody, KeySample.nobody])
        #expect(movement.ratio == 2)
    }

    @Test func placementsStayBelowTheBound() throws {
        let backends = BackendSet.backends(7, .uneven)
        let sample = KeySample(count: 7_000, seed: 3)
        let placement = BoundedPlacement(sample, by: try Rendezvous(backends), for: backends)
        let total = backends.reduce(0) { $0 + $1.weight }
        #expect(placement.loads.reduce(0, +) == 7_000)
        for (load, backend) in zip(placement.loads, backends) {
            let bound = BoundedRow.factor * 7_000 * Double(backend.weight) / Double(total)
            #expect(Double(load) < bound + 1)
        }
    }

    /// The arcs of a ring are all of it: their parts add up to 2³² or 2⁶⁴, and each belongs to one point.
    @Test(arguments: [(.libketama, 32), (.envoy(), 64), (.standard, 64)] as [(RingDialect, Int)], [1, 2, 17])
    func arcsAreTheWholeRing(dialect: (RingDialect, Int), count: Int) throws {
        let construction = RingConstruction(name: "", dialect: dialect.0, bits: dialect.1)
        let ring = try construction.build(BackendSet.backends(count, .equal))
        guard case .arcs(let keys, let parts) = construction.pieces(of: ring) else {
            Issue.record("a ring has arcs")
            return
        }
        #expect(keys.count == parts.count)
        #expect(keys.count >= ring.pointCount)
        let whole = dialect.1 == 32 ? 0x1p32 : 0x1p64
        #expect(abs(parts.reduce(0, +) / whole - 1) < 1e-9)
    }

    @Test func subsetsAreAsTheirRulesPromise() throws {
        let survey = SubsetSurvey(rounds: 2, seed: 1)
        let rows = try SubsetRule.all.map { try survey.row($0, clients: 30, backends: 90) }
        #expect(rows.map(\.rule).count == Set(rows.map(\.rule)).count)
        let aperture = try #require(rows.first { $0.rule == SubsetRule.apertureName })
        #expect(abs(aperture.load.maximum - 1) < 1e-9 && abs(aperture.load.minimum - 1) < 1e-9)
        #expect(max(aperture.removed.most - aperture.removed.growth, aperture.added.most) <= 2)
        let rendezvous = try #require(rows.first { $0.rule == SubsetRule.rendezvousName })
        #expect(rendezvous.removed.overLeast == 1 && rendezvous.joined.overLeast == 1)
        #expect(rendezvous.smallest == 20 && rendezvous.largest == 20)
        let random = try #require(rows.first { $0.rule == "random" })
        #expect(random.removed.most > 10, "who draws again finds others")
    }
}
