import LoadBalancing

/// The sets of backends that are measured: `10.a.b.c:8080`, of equal weights, or of 1 to 10 in turn.
enum BackendSet {
    /// So many backends, with their weights times `scale`: with 10, a tenth more is a whole number.
    static func backends(_ count: Int, _ weights: Weights, scale: Int = 1) -> [WeightedName] {
        (0..<count).map { WeightedName(name($0), weight: scale * (weights == .equal ? 1 : 1 + $0 % 10)) }
    }

    static func name(_ index: Int) -> String {
        "10.\(index >> 16).\(index >> 8 & 255).\(index & 255):8080"
    }
}

/// A change of a set, and the least that has to move for it.
struct BackendChange {
    /// The set after the change.
    let backends: [WeightedName]
    /// For each backend after the change its position before; for a new one a position that none had.
    let origins: [Int32]
    /// The part of the keys whose backend has to change: what the set's fair shares differ by.
    let minimum: Double
    /// The backend that is gone, if there is one: then its own keys, and no others, have to move.
    let removed: Int?

    /// A set without one of its backends; the last takes its place where `lastFillsHole`.
    static func removing(_ index: Int, from old: [WeightedName], lastFillsHole: Bool) -> BackendChange {
        var backends = old
        var origins = old.indices.map { Int32($0) }
        if lastFillsHole {
            backends.swapAt(index, old.count - 1)
            origins.swapAt(index, old.count - 1)
            backends.removeLast()
            origins.removeLast()
        } else {
            backends.remove(at: index)
            origins.remove(at: index)
        }
        return BackendChange(
            backends: backends, origins: origins, minimum: Self.share(of: index, in: old), removed: index)
    }

    /// A set with one more backend, as heavy as the backend at `index`.
    static func adding(like index: Int, to old: [WeightedName], number: Int) -> BackendChange {
        let new = WeightedName(BackendSet.name(1 << 20 + number), weight: old[index].weight)
        let backends = old + [new]
        return BackendChange(
            backends: backends, origins: backends.indices.map { Int32($0) },
            minimum: share(of: old.count, in: backends),
            removed: nil)
    }

    /// A set with the weight of one backend changed by some percent.
    static func reweighting(_ index: Int, by percent: Int, in old: [WeightedName]) -> BackendChange {
        var backends = old
        backends[index].weight += backends[index].weight * percent / 100
        return BackendChange(
            backends: backends, origins: old.indices.map { Int32($0) },
            minimum: abs(share(of: index, in: backends) - share(of: index, in: old)), removed: nil)
    }

    private static func share(of index: Int, in backends: [WeightedName]) -> Double {
        Double(backends[index].weight) / Double(backends.reduce(0) { $0 + $1.weight })
    }
}
