/// How many points a dialect gives a backend, or digests where each has four.
///
/// Programs that mean the same number round it differently, and a point more or less moves keys.
enum RingCounts: Hashable, Sendable {
    /// The same for every backend.
    case fixed(Int)
    /// So many for each unit of weight.
    case perWeight(Int)
    /// Sixteen for each unit of weight, which goes up to 256.
    case haproxy
    /// Digests: ⌊40 · n · weight ÷ total⌋, the share rounded to single precision.
    case libketama
    /// Digests: the same, all of it rounded to single precision.
    case libmemcached
    /// Digests: the same, but for what is added against rounding.
    case twemproxy
    /// Digests: the same as twemproxy's, and backends of weight 0 count among the n.
    case spymemcached
    /// Digests: the same in double precision; backends of weight 0 count among the n.
    case finagle
    /// Digests: the share rounded to single precision; backends of weight 0 count among the n.
    case finagleOld
    /// Digests: the same in whole numbers; backends of weight 0 count among the n.
    case uhashring
    /// So many in all that the least weight has a whole number, and so many more for the others as the running sum asks for.
    case envoy(minimum: Int, maximum: Int)

    /// The number for each of `backends`, whose weights are not 0, beside `idle` others.
    ///
    /// - Throws: ``HashTableError`` for weights the program does not take, and more than `limit` in all.
    func counts(of backends: [WeightedName], idle: Int, limit: Int) throws(HashTableError) -> [Int] {
        guard let least = backends.lazy.map(\.weight).min() else { return [] }
        let total = backends.reduce(0) { $0 + $1.weight }
        let all = backends.count + idle
        var counts: [Int] = []
        counts.reserveCapacity(backends.count)
        var sum = 0
        var ring = EnvoyRing(least: least, total: total, self)
        for backend in backends {
            let count: Int
            switch self {
            case .fixed(let each): count = each
            case .perWeight(let unit): count = backend.weight.saturatingProduct(unit)
            case .haproxy:
                guard backend.weight <= 256 else {
                    throw HashTableError(.weightOutOfRange(backend.weight, maximum: 256), name: backend.name)
                }
                count = backend.weight * 16
            case .libketama:
                let share = Float(backend.weight) / Float(total)
                count = Int(Float(Double(share) * 40 * Double(backends.count)).rounded(.down))
            case .libmemcached:
                let share = Float(backend.weight) / Float(total)
                count = Int((share * 160 / 4 * Float(backends.count) + 1e-10).rounded(.down))
            case .twemproxy:
                let share = Float(backend.weight) / Float(total)
                count = Int(Float(Double(share * 160 / 4 * Float(backends.count)) + 1e-10).rounded(.down))
            case .spymemcached:
                let share = Float(backend.weight) / Float(total)
                count = Int(Float(Double(share * 160 / 4 * Float(all)) + 1e-10).rounded(.down))
            case .finagle:
                count = Int(Double(backend.weight) / Double(total) * Double(all) * 40 + 1e-10)
            case .finagleOld:
                let share = Float(backend.weight) / Float(total)
                count = Int(Double(share * 160 / 4 * Float(all)) + 1e-10)
            case .uhashring:
                count = Int(UInt128(40 * all) * UInt128(backend.weight) / UInt128(total))
            case .envoy:
                count = ring.next(weight: backend.weight, limit: limit)
            }
            guard count <= limit - sum else { throw HashTableError(.tooManyPoints(maximum: limit), name: nil) }
            sum += count
            counts.append(count)
        }
        return counts
    }
}

/// Envoy's way to share out a ring: two running sums in double precision.
private struct EnvoyRing {
    let total: Double
    let scale: Double
    var current = 0.0
    var target = 0.0

    init(least: Int, total: Int, _ counts: RingCounts) {
        self.total = Double(total)
        let share = Double(least) / self.total
        if case .envoy(let minimum, let maximum) = counts {
            scale = min((share * Double(minimum)).rounded(.up) / share, Double(maximum))
        } else {
            scale = 0
        }
    }

    /// The points of the next backend, or one more than `limit` where they are more.
    mutating func next(weight: Int, limit: Int) -> Int {
        target += scale * (Double(weight) / total)
        var count = 0
        while current < target, count <= limit {
            current += 1
            count += 1
        }
        return count
    }
}

extension Int {
    /// The product with a number that is not negative either, or the largest number.
    fileprivate func saturatingProduct(_ other: Int) -> Int {
        let (product, overflows) = multipliedReportingOverflow(by: other)
        return overflows ? .max : product
    }
}
