/// The backend that the key's hash, modulo the sum of the weights, falls to.
///
/// Equal keys go to the same backend for as long as the set stays the same; when it changes, most keys move (a ring or a
/// table moves few). A key whose backend may not take it goes to the next of its own candidates, a fixed sequence of
/// distinct backends; a backend with a fraction takes the keys whose second hash lies below it, so a server that warms up
/// gets a growing set of keys and keeps those it has. Requests without a key are drawn by weight.
///
/// - Complexity: expected O(1) a pick, O(n) at worst; 16 bytes a backend.
/// - Note: nginx's `hash` and `ip_hash`, HAProxy's `hash-type map-based` and `balance source`, in spirit: which backend a
///   key gets is this package's own.
@frozen
public struct StaticHash: Picker {
    @usableFromInline let line: CumulativeWeights
    @usableFromInline var generator: SeededGenerator

    /// Creates a picker for `pool`; the seed serves requests without a key only.
    public init(for pool: borrowing BackendPool, seed: UInt64) {
        line = CumulativeWeights(of: pool)
        generator = SeededGenerator(seed: seed)
    }

    /// Chooses a backend.
    @inlinable
    @inline(__always)
    public mutating func pick(_ request: PickRequest, from pool: borrowing BackendPool) -> Int? {
        if pool.admitsAll(for: request), let index = pickUnrestricted(request, from: pool) { return index }
        return pickAmongAdmitted(request, from: pool)
    }

    @usableFromInline
    mutating func pickAmongAdmitted(_ request: PickRequest, from pool: borrowing BackendPool) -> Int? {
        guard line.total > 0 else { return nil }
        let key = request.keyHash ?? generator.next()
        return candidate(of: key, first: line.backend(at: key % line.total), for: request, from: pool)
    }

    /// The short way, where everybody is admitted.
    @inlinable
    @inline(__always)
    public mutating func pickUnrestricted(_ request: PickRequest, from pool: borrowing BackendPool) -> Int? {
        guard line.total > 0 else { return nil }
        return line.backend(at: (request.keyHash ?? generator.next()) % line.total)
    }

    /// The first of the key's candidates that takes it: where further hashes of the key fall, then the rest in a circle
    /// that begins at a place of the key's own.
    private func candidate(
        of key: UInt64, first: Int, for request: PickRequest, from pool: borrowing BackendPool
    ) -> Int? {
        // The answer for one key and one backend is always the same, so a candidate met twice does no harm.
        func takes(_ index: Int) -> Bool {
            pool.admits(index, for: request) && second(of: key, on: index) < pool.admission(at: index).steps
        }
        if takes(first) { return first }
        let hashed = 16
        for position in 1..<hashed {
            let index = line.backend(at: Mixing.mix(key, position: position) % line.total)
            if takes(index) { return index }
        }
        let start = Int(Mixing.mix(key, position: hashed) % UInt64(pool.count))
        var fallback: Int?
        for step in 0..<pool.count {
            let index = (start + step) % pool.count
            if takes(index) { return index }
            if fallback == nil, pool.admits(index, for: request) { fallback = index }
        }
        return fallback
    }

    /// 16 bits that decide whether a backend with a fraction takes the key.
    private func second(of key: UInt64, on index: Int) -> UInt32 {
        UInt32(truncatingIfNeeded: Mixing.mix(~key, position: index) >> 48)
    }

    /// Requests without a key are drawn from a sequence of its own.
    public mutating func diverge(_ seed: PickerSeed) {
        generator = SeededGenerator(seed: seed.value)
    }
}

/// Key modulo weights: ``StaticHash``.
public struct StaticHashPolicy: Policy, Hashable, Codable {
    /// Creates the policy.
    public init() {}

    /// A picker for `pool`.
    public func makePicker(for pool: borrowing BackendPool, seed: UInt64) -> StaticHash {
        StaticHash(for: pool, seed: seed)
    }
}
