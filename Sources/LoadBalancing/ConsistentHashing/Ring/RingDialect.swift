/// How a ring places points and hashes keys: as one of the programs that are already there, or as this package does.
///
/// Whoever shards a cache must agree with the clients that use it already, key by key; a dialect is all they have to
/// agree on.
public struct RingDialect: Hashable, Sendable {
    /// The dialect's name in configurations.
    public let name: String
    let placement: Placement
    /// Points a backend of weight 1 has, or has on average.
    let pointsPerBackend: Int

    enum Placement: Hashable, Sendable {
        case standard
        case libmemcachedWeighted
    }

    /// The bits of a point: 32 or 64.
    var bitWidth: Int { placement == .standard ? 64 : 32 }
}

extension RingDialect {
    /// This package's own, with 160 points for each unit of weight.
    public static var standard: RingDialect { standard(pointsPerBackend: 160) }

    /// This package's own: 64-bit points by ``XXH64``, so many for each unit of weight.
    public static func standard(pointsPerBackend: Int) -> RingDialect {
        RingDialect(name: "standard", placement: .standard, pointsPerBackend: max(1, pointsPerBackend))
    }

    /// libmemcached's weighted ketama (`MEMCACHED_BEHAVIOR_KETAMA_WEIGHTED`).
    ///
    /// - Note: libmemcached 1.1.4, `src/libmemcached/hosts.cc`.
    public static var libmemcachedWeighted: RingDialect {
        RingDialect(name: "libmemcached-weighted", placement: .libmemcachedWeighted, pointsPerBackend: 160)
    }
}

extension RingDialect {
    /// The points of a set in the order of their places, no two on the same one.
    func points(of backends: [WeightedName]) throws(HashTableError) -> [RingPoint] {
        let weighted = backends.indices.filter { backends[$0].weight > 0 }
        let total = weighted.reduce(0) { $0 + backends[$1].weight }
        var points: [RingPoint] = []
        for index in weighted {
            let backend = backends[index]
            let owner = UInt32(truncatingIfNeeded: index)
            switch placement {
            case .standard:
                let seed = XXH64.hash(backend.name)
                let count = backend.weight.multipliedReportingOverflow(by: pointsPerBackend)
                guard !count.overflow, points.count + count.partialValue <= HashRing.maximumPointCount else {
                    throw HashTableError(.tooManyPoints(maximum: HashRing.maximumPointCount), name: nil)
                }
                for number in 0..<UInt64(count.partialValue) {
                    points.append(RingPoint(place: XXH64.hash(number, seed: seed), owner: owner))
                }
            case .libmemcachedWeighted:
                let share = Float(backend.weight) / Float(total)
                let digests = Int((share * 160 / 4 * Float(weighted.count) + 1e-10).rounded(.down))
                let text = backend.name.hasSuffix(":11211") ? String(backend.name.dropLast(6)) : backend.name
                for number in 0..<digests {
                    let digest = MD5.hash("\(text)-\(number)")
                    for word in 0..<4 {
                        points.append(RingPoint(place: UInt64(digest.word(word)) << 32, owner: owner))
                    }
                }
            }
        }
        points.sort { $0.place < $1.place }
        var distinct: [RingPoint] = []
        for point in points where distinct.last?.place != point.place { distinct.append(point) }
        return distinct
    }
}
