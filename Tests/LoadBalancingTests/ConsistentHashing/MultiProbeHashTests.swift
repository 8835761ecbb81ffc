import Foundation
import Testing

@testable import LoadBalancing

@Suite struct MultiProbeHashTests {
    /// The same by the definition: of all points behind all probes, the one at the least distance.
    static func owner(of key: UInt64, _ backends: [WeightedName], probeCount: Int) -> Int? {
        let (first, step) = (Mixing.mix(key), Mixing.mix(~key) | 1)
        let distances = (0..<probeCount).flatMap { probe in
            let place = first &+ UInt64(probe) &* step
            return backends.enumerated().flatMap { index, backend in
                (0..<UInt64(backend.weight)).map { unit in
                    (XXH64.hash(unit, seed: XXH64.hash(backend.name, seed: 1)) &- place, index)
                }
            }
        }
        return distances.min { $0.0 < $1.0 }?.1
    }

    @Test(arguments: [[1], [1, 1], [1, 0, 3], [1, 2, 1, 5, 1], Array(repeating: 1, count: 33)], [1, 2, 21])
    func theNearestPointHasTheKey(weights: [Int], probeCount: Int) throws {
        let backends = WeightedName.servers(weights)
        let table = try MultiProbeHash(backends, probeCount: probeCount)
        for key in keyHashes(100) {
            #expect(table.backend(for: key) == Self.owner(of: key, backends, probeCount: probeCount))
        }
    }

    @Test func probesAreWithinBounds() throws {
        #expect(try MultiProbeHash([]).probeCount == 21)
        #expect(try MultiProbeHash([], probeCount: 0).probeCount == 1)
        #expect(try MultiProbeHash([], probeCount: .max).probeCount == 1_000)
    }

    /// More probes, a lower peak: 100 backends, the greatest share over the mean.
    @Test(arguments: [
        (probes: 1, least: 3, most: 8), (probes: 5, least: 1.3, most: 1.6), (probes: 21, least: 1, most: 1.25),
    ])
    func thePeakFallsWithTheProbes(probes: Int, least: Double, most: Double) throws {
        let table = try MultiProbeHash(WeightedName.servers(100), probeCount: probes)
        let counts = ConsistentHashTests.counts(table, keys: keyHashes(40_000))
        let peak = Double(counts.max() ?? 0) / 400
        #expect(least...most ~= peak, "\(peak)")
    }

    /// By units of weight, shares are as even as those of as many backends.
    @Test func sharesFollowWeights() throws {
        let weights = [1, 40, 20, 0, 30]
        let counts = ConsistentHashTests.counts(
            try MultiProbeHash(WeightedName.servers(weights)), keys: keyHashes(9_100))
        for (count, weight) in zip(counts, weights) where weight > 1 {
            // 100 a unit; some tens of units of which each is within a fifth, mostly.
            #expect(abs(Double(count) / Double(100 * weight) - 1) < 0.1, "\(counts)")
        }
        #expect(counts[3] == 0)
    }

    @Test func parametersAreCoded() throws {
        func policy(_ json: String) throws -> MultiProbePolicy {
            try JSONDecoder().decode(MultiProbePolicy.self, from: Data(json.utf8))
        }
        #expect(try policy("{}") == MultiProbePolicy())
        #expect(try policy(#"{"probes": 5}"#) == MultiProbePolicy(probeCount: 5))
        let encoded = try JSONEncoder().encode(MultiProbePolicy(probeCount: 9))
        #expect(try JSONDecoder().decode(MultiProbePolicy.self, from: encoded) == MultiProbePolicy(probeCount: 9))
        for json in [#"{"probes": 0}"#, #"{"probes": 1001}"#, #"{"probes": "many"}"#] {
            #expect(throws: DecodingError.self) { try policy(json) }
        }
    }
}
