import Testing

@testable import LoadBalancing

@Suite struct TopologySubsetTests {
    private static func fleet(_ count: Int) -> [Backend<String>] {
        (0..<count).map { Backend("10.0.\($0 / 250).\($0 % 250):80") }
    }

    @Test(arguments: [
        // Finagle's picture: three clients, four backends, two at least: two widths each.
        (
            clients: 3, backends: 4, minimum: 2,
            members: [[0: 3, 1: 3, 2: 2], [1: 2, 2: 3, 3: 3], [2: 1, 3: 3, 0: 3, 1: 1]]
        ),
        (2, 2, 1, [[0: 2], [1: 2]]), (1, 3, 1, [[0: 1, 1: 1, 2: 1]]), (3, 1, 12, [[0: 3], [0: 3], [0: 3]]),
    ])
    func arcsCoverWholeClientWidths(clients: Int, backends: Int, minimum: Int, members: [[Int: Int]]) throws {
        for client in 0..<clients {
            let aperture = try DeterministicAperture(client: client, of: clients, minimumSize: minimum)
            let parts = aperture.members(of: backends).map { ($0.position, $0.part) }
            #expect(Dictionary(parts, uniquingKeysWith: +) == members[client])
        }
    }

    /// The promise of the aperture: no matter how many there are, everybody is used alike.
    @Test(arguments: 0..<200 as Range<UInt64>)
    func everyBackendIsUsedExactlyAlike(seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        let clients = Int(random.next(below: 60)) + 1
        let backends = Int(random.next(below: 60)) + 1
        let minimum = Int(random.next(below: 20)) + 1
        var load: [Int: Int] = [:]
        for client in 0..<clients {
            let members = try DeterministicAperture(client: client, of: clients, minimumSize: minimum).members(
                of: backends)
            #expect(Set(members.map(\.position)).count == members.count, "seed \(seed)")
            // One more for each edge than the width, at the most.
            #expect(members.count >= min(minimum, backends), "seed \(seed)")
            for member in members { load[member.position, default: 0] += member.part }
        }
        #expect(Set(load.values).count == 1, "seed \(seed)")
        #expect(load.count == backends, "seed \(seed)")
    }

    @Test(arguments: 0..<50 as Range<UInt64>)
    func aBackendThatGoesMovesFewOthers(seed: UInt64) throws {
        var random = SeededGenerator(seed: seed)
        let fleet = Self.fleet(Int(random.next(below: 200)) + 30)
        let clients = Int(random.next(below: 40)) + 2
        var left = fleet
        left.remove(at: Int(random.next(below: UInt64(fleet.count))))
        for client in 0..<clients {
            let aperture = try DeterministicAperture(client: client, of: clients)
            let before = Set(aperture.subset(of: fleet).map(\.id))
            let after = Set(aperture.subset(of: left.shuffled(using: &random)).map(\.id))
            // An arc has two ends that move by less than a place; its width in turns may change by one.
            let widths = (before.count, after.count)
            #expect(after.subtracting(before).count <= 2 + abs(widths.0 - widths.1), "seed \(seed), client \(client)")
        }
    }

    @Test func partsBecomeWeights() throws {
        let fleet = [Backend("a", weight: 4), Backend("b", weight: 4), Backend("c", weight: 0)]
        let all = try DeterministicAperture(client: 0, of: 1, minimumSize: 3).subset(of: fleet)
        #expect(Dictionary(uniqueKeysWithValues: all.map { ($0.id, $0.weight) }) == ["a": 1, "b": 1, "c": 0])
        let heavy = [Backend("a", weight: 1 << 31), Backend("b", weight: (1 << 31) - 1)]
        let parts = try DeterministicAperture(client: 1, of: 3, minimumSize: 1).subset(of: heavy)
        #expect(parts.allSatisfy { 1...BackendSetError.maximumWeight ~= $0.weight })
        #expect(throws: TopologyError.self) { try DeterministicAperture(client: 3, of: 3) }
        #expect(throws: TopologyError.self) { try DeterministicAperture(client: 0, of: 0) }
    }

    /// XXH64 of the address under the seed, lowest first: figures computed independently.
    @Test(arguments: [(seed: 42, subset: [5, 2, 10, 6]), (0, [1, 6, 8, 10])] as [(UInt64, [Int])])
    func agreesWithA68(seed: UInt64, subset: [Int]) {
        let fleet = (1...10).map { Backend("10.0.0.\($0):80") }
        let ids = RendezvousSubset(size: 4, salt: seed).subset(of: fleet).map(\.id)
        #expect(ids == subset.map { "10.0.0.\($0):80" })
    }

    @Test(arguments: 0..<50 as Range<UInt64>)
    func aSubsetChangesByOneAtTheMost(salt: UInt64) {
        let fleet = Self.fleet(100)
        let rule = RendezvousSubset(salt: salt)
        let before = Set(rule.subset(of: fleet).map(\.id))
        #expect(before.count == 20)
        for gone in fleet.indices {
            var left = fleet
            let id = left.remove(at: gone).id
            let after = Set(rule.subset(of: left).map(\.id))
            #expect(before.subtracting(after) == (before.contains(id) ? [id] : []), "salt \(salt)")
        }
    }

    @Test func subsetsAreEvenByChance() {
        let fleet = Self.fleet(100)
        var load: [String: Int] = [:]
        for client in 0..<1_000 {
            for backend in RendezvousSubset(salt: Mixing.mix(UInt64(client))).subset(of: fleet) {
                load[backend.id, default: 0] += 1
            }
        }
        // 200 clients on average; the standard deviation is √(1000 · 0.2 · 0.8) = 12.6; five of them.
        #expect(load.count == 100)
        #expect(load.values.allSatisfy { abs($0 - 200) < 64 })
    }
}
