import Foundation
import Testing

@testable import LoadBalancing

@Suite struct RendezvousTests {
    /// The same by the definition: -w / ln u, the highest first.
    static func order(of key: UInt64, _ backends: [WeightedName]) -> [Int] {
        backends.indices.filter { backends[$0].weight > 0 }.map { index in
            let hash = Rendezvous.score(key, XXH64.hash(backends[index].name))
            return (index: index, score: -Double(backends[index].weight) / log((Double(hash) + 0.5) * 0x1p-64))
        }.sorted { $0.score > $1.score }.map(\.index)
    }

    @Test(arguments: [[1, 1, 1, 1, 1], [9, 9, 0, 9], [1, 2, 3, 4, 0, 5], [1 << 31, 1, 1 << 20, 77]])
    func theOrderIsThatOfTheScores(weights: [Int]) throws {
        let backends = WeightedName.servers(weights)
        let table = try Rendezvous(backends)
        for key in keyHashes(500) { #expect(Array(table.candidates(of: key)) == Self.order(of: key, backends)) }
    }

    /// Equal weights are weights like any other: the first that differs moves no key between the rest.
    @Test func equalWeightsAndUnequalOnesAgree() throws {
        let even = try Rendezvous(WeightedName.servers([10, 10, 10, 10]))
        let uneven = try Rendezvous(WeightedName.servers([10, 10, 11, 10]))
        var gained = 0
        for key in keyHashes(5_000) {
            let (before, after) = (even.backend(for: key), uneven.backend(for: key))
            if before != after { gained += 1 }
            #expect(before == after || after == 2)
        }
        // 11/41 - 10/40 of 5,000: 91, six standard deviations.
        #expect(abs(gained - 91) < 57)
    }

    @Test func shareFollowsWeightAcrossAThousand() throws {
        let weights = (0..<1_000).map { 1 + $0 % 10 }
        let table = try Rendezvous(WeightedName.servers(weights))
        var byWeight = Array(repeating: 0, count: 11)
        for key in keyHashes(5_000) {
            if let index = table.backend(for: key) { byWeight[weights[index]] += 1 }
        }
        #expect(ChiSquare(of: byWeight, shares: (0...10).map(Double.init)).isPassed)
    }
}
