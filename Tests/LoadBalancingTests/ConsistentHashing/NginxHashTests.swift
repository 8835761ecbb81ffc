import LoadBalancing
import Testing

@Suite struct NginxHashTests {
    @Test func picksWhatNginxPicks() throws {
        let cases = try RingVectors.cases("nginx-hash")
        #expect(cases.count == 4)
        for vector in cases {
            let hash = try NginxHash(vector.backends)
            #expect(RingVectors.keys.map { hash.backend(forKey: $0) } == vector.pick, "\(vector)")
        }
    }

    /// The hashes are summed up here once more, as Cache::Memcached does: CRC-32 of the number of the try and the key.
    @Test func hashesAgainWithTheTryInFront() throws {
        let hash = try NginxHash([WeightedName("a", weight: 3), WeightedName("b", weight: 4), WeightedName("c")])
        func bits(_ text: String) -> UInt64 { UInt64(CRC32.hash(text) >> 16 & 0x7FFF) }
        let ends = [3, 7, 8]
        for key in RingVectors.keys {
            var sum = bits(key)
            var order = [ends.firstIndex { $0 > Int(sum % 8) }]
            for again in 1...4 {
                sum += bits("\(again)\(key)")
                order.append(ends.firstIndex { $0 > Int(sum % 8) })
            }
            for length in 0...4 {
                var refused = 0
                let index = hash.backend(forKey: key) { _ in
                    refused += 1
                    return refused > length
                }
                #expect(index == order[length], "\(key), try \(length)")
            }
        }
    }

    @Test(arguments: [[], [0, 0]])
    func answersNothingWithoutWeights(weights: [Int]) throws {
        let hash = try NginxHash(weights.enumerated().map { WeightedName("\($0)", weight: $1) })
        #expect(hash.backend(for: 5) == nil)
        #expect(hash.backend(for: 5) { _ in true } == nil)
        #expect(hash.backend(forKey: "key") == nil)
        #expect(hash.backend(forKey: "key") { _ in true } == nil)
        #expect(hash.backendCount == weights.count)
    }

    @Test func namesEveryWeightedBackend() throws {
        let weights = [0, 5, 0, 1, 100_000, 2, 0]
        let hash = try NginxHash(weights.enumerated().map { WeightedName("\($0)", weight: $1) })
        for key in RingVectors.keys.prefix(50) {
            for order in [
                { (accepts: (Int) -> Bool) in hash.backend(forKey: key, where: accepts) },
                { (accepts: (Int) -> Bool) in hash.backend(for: NginxHash.hash(ofKey: key), where: accepts) },
            ] {
                var named: Set<Int> = []
                #expect(order { !named.insert($0).inserted && false } == nil)
                #expect(named == [1, 3, 4, 5])
                #expect(order { $0 == 3 } == 3)
            }
        }
    }

    /// Behind a balancer: keys, and those whose first servers are down or were tried, go where nginx sends them.
    @Test func theBalancerPicksWhatNginxPicks() throws {
        let vector = try #require(try RingVectors.cases("nginx-hash").first { Set($0.weights).count > 1 })
        let balancer = try LoadBalancer(
            policy: .nginxHash, backends: vector.backends.map { Backend($0.name, weight: $0.weight) }, seed: 1)
        let hash = try NginxHash(vector.backends)
        for (key, pick) in zip(RingVectors.keys, vector.pick) {
            let lease = try balancer.lease(for: .nginxKey(key))
            #expect(lease.id == vector.endpoints[pick], "\(key)")
            var retry = PickRequest.nginxKey(Array(key.utf8))
            retry.tried.insert(lease.slotID)
            let next = try #require(hash.backend(forKey: key) { $0 != pick })
            #expect(try balancer.lease(for: retry).endpoint == vector.endpoints[next], "\(key)")
            lease.finish()
        }
        #expect(balancer.setAdmission(Admission(gate: .down), for: vector.endpoints[1]))
        for key in RingVectors.keys {
            let expected = try #require(hash.backend(forKey: key) { $0 != 1 })
            #expect(try balancer.lease(for: .nginxKey(key)).endpoint == vector.endpoints[expected], "\(key)")
        }
    }

    @Test func refusesWhatRingsRefuse() {
        #expect(throws: HashTableError.self) { try NginxHash([WeightedName("a"), WeightedName("a")]) }
        #expect(throws: HashTableError.self) { try NginxHash([WeightedName("a", weight: -1)]) }
    }
}
