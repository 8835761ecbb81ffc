import Testing

@testable import LoadBalancing

@Suite struct RingTableTests {
    static func points(_ places: [UInt64], bitWidth: Int) -> RingPoints {
        var points = RingPoints(count: places.count, bitWidth: bitWidth)
        for (owner, place) in places.enumerated() { points.append(place, UInt32(owner)) }
        points.sort()
        return points
    }

    /// The owner of the first point at or after `place`, by looking at all of them.
    static func owner(_ places: [UInt64], _ place: UInt64) -> Int? {
        let next = places.filter { $0 >= place }.min() ?? places.min()
        return next.flatMap(places.firstIndex)
    }

    @Test(arguments: 0..<100 as Range<UInt64>)
    func findsTheNextPoint(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        let bitWidth = [32, 40, 64][Int(seed % 3)]
        let mask = ~0 << UInt64(64 - bitWidth) as UInt64
        let count = 1 + Int(random.next() % 40)
        // Some crowd together, so that buckets have many, and top bits are the same.
        let crowd = random.next()
        let places = Set(
            (0..<count).map { index in
                (index % 2 == 0 ? random.next() : crowd &+ random.next() % 300 &<< UInt64(64 - bitWidth)) & mask
            })
        let list = Array(places)
        let table = RingTable(Self.points(list, bitWidth: bitWidth))
        let unit = 1 << UInt64(64 - bitWidth) as UInt64
        for place in list.flatMap({ [$0, $0 &- unit, $0 &+ unit] }) + [0, mask]
            + (0..<50).map({ _ in random.next() & mask })
        {
            #expect(table.owner(at: table.index(of: place)) == Self.owner(list, place), "seed \(seed), place \(place)")
        }
        for index in 0..<table.count { #expect(list[table.owner(at: index)] == table.place(at: index)) }
    }

    /// Top bits alike: the low 24 decide.
    @Test func lowBitsDecide() {
        let base: UInt64 = 0x1234_5678_9A00_0000
        let table = RingTable(Self.points([base | 5, base | 9, base | 0xFF_FFFF, 3], bitWidth: 64))
        for (low, owner) in [(0, 0), (5, 0), (6, 1), (9, 1), (10, 2), (0xFF_FFFF, 2)] as [(UInt64, Int)] {
            #expect(table.owner(at: table.index(of: base | low)) == owner)
        }
        #expect(table.owner(at: table.index(of: base + 1 << 24)) == 3)
        #expect(table.owner(at: table.index(of: .max)) == 3)
    }

    @Test func anEmptyTableHasNoEnds() {
        #expect(RingTable(Self.points([], bitWidth: 64)).count == 0)
    }
}

@Suite struct RingPointsTests {
    @Test(arguments: [32, 40, 64])
    func sortingIsStable(bitWidth: Int) {
        var random = SeededGenerator(seed: 3)
        var points = RingPoints(count: 1000, bitWidth: bitWidth)
        let places = (0..<1000).map { _ in (random.next() % 200) << UInt64(64 - bitWidth) | (random.next() % 2) << 63 }
        for (owner, place) in places.enumerated() { points.append(place, UInt32(owner)) }
        points.sort()
        let expected = places.indices.sorted { (places[$0], $0) < (places[$1], $1) }
        #expect((0..<1000).map { Int(points.owner($0)) } == expected)
        #expect((0..<1000).map { points.place($0) } == expected.map { places[$0] })
        #expect(points.haveCollisions)

        for collision in [RingDialect.Collision.first, .last] {
            var left = points
            left.dropCollisions(keeping: collision)
            #expect(!left.haveCollisions)
            let kept = Set(places).sorted().map { place in
                collision == .first ? places.firstIndex(of: place) : places.lastIndex(of: place)
            }
            #expect((0..<left.count).map { Int(left.owner($0)) } == kept)
        }
    }

    /// The first point strictly after a key, one at 0 being beyond all.
    @Test(arguments: [32, 64])
    func strictlyNext(bitWidth: Int) {
        let unit = 1 << UInt64(64 - bitWidth) as UInt64
        var points = RingTableTests.points([0, 5 * unit, 9 * unit], bitWidth: bitWidth)
        points.move(to: .strictlyNext)
        let table = RingTable(points)
        for (place, owner) in [(0, 1), (4, 1), (5, 2), (8, 2), (9, 0), (10, 0)] as [(UInt64, Int)] {
            #expect(table.owner(at: table.index(of: place * unit)) == owner)
        }
        #expect(table.owner(at: table.index(of: 0 &- unit)) == 0)
    }

    /// Half way round the end of the circle.
    @Test func nearestAcrossTheEnd() {
        let top: UInt64 = 0xFFFF_FFFF
        for (first, last, half) in [(10, top - 9, 0), (2, top - 29, top - 13), (30, top - 1, 14)]
            as [(UInt64, UInt64, UInt64)]
        {
            var points = RingTableTests.points([first << 32, last << 32, 1000 << 32], bitWidth: 32)
            points.move(to: .nearest)
            let table = RingTable(points)
            #expect(table.owner(at: table.index(of: half << 32)) == 1)
            #expect(table.owner(at: table.index(of: ((half + 1) & top) << 32)) == 0)
            #expect(table.owner(at: table.index(of: (first + 1) << 32)) == 0)
            #expect(table.owner(at: table.index(of: 900 << 32)) == 2)
        }
    }
}
