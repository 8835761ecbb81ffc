/// Sends equal keys to the same backend, by any ``ConsistentHash``.
///
/// A key goes to the first of its candidates that is admitted, was not tried, and whose fraction lies above the key's
/// second hash for that backend: a backend that warms up holds a growing set of keys and loses none while the fraction
/// grows. Where the fractions refuse all, the first admitted candidate takes the key. A backend behind a shut gate loses its
/// keys to their next candidates, nobody else's move, and they come back exactly.
///
/// The second hash is of the key and of the backend's identity, so an update that numbers the backends anew leaves a
/// warming backend's keys where they are.
///
/// Retries walk the key's candidates, each once, as many as there are: beyond the backends that ``TriedBackends``
/// remembers, the number of attempts says how many candidates to pass over.
///
/// Requests without a key are spread as keys at random would be.
///
/// - Complexity: that of the table. From the ninth attempt on, O(attempts) walks and an allocation.
@frozen
public struct ConsistentHashPicker<Table: ConsistentHash>: Picker {
    /// Where keys go.
    public let table: Table
    /// What stands for each backend in second hashes.
    @usableFromInline let identities: FixedTable<UInt64>
    @usableFromInline var generator: SeededGenerator

    /// Creates a picker for `pool`, whose backends `table` was made of.
    ///
    /// - Parameters:
    ///   - table: where keys go.
    ///   - pool: the backends, numbered as in the table. A table of fewer leaves the last ones without keys.
    ///   - seed: for requests without a key.
    public init(_ table: Table, for pool: borrowing BackendPool, seed: UInt64) {
        precondition(table.backendCount <= pool.count, "a table of more backends than the pool has")
        self.table = table
        identities = FixedTable((0..<pool.count).map { SecondHash.identity(of: pool.id(at: $0)) })
        generator = SeededGenerator(seed: seed)
    }

    /// Chooses a backend.
    @inlinable
    @inline(__always)
    public mutating func pick(_ request: PickRequest, from pool: borrowing BackendPool) -> Int? {
        if pool.admitsAll(for: request), let index = pickUnrestricted(request, from: pool) { return index }
        return pickAmongAdmitted(request, from: pool)
    }

    /// The short way, where everybody is admitted.
    @inlinable
    @inline(__always)
    public mutating func pickUnrestricted(_ request: PickRequest, from pool: borrowing BackendPool) -> Int? {
        table.backend(for: request.keyHash ?? generator.next())
    }

    /// A key's backend follows from the key.
    @inlinable
    public static var picksWithoutState: Bool { true }

    /// The short way for a request with a key, by as many threads at once as there are.
    @inlinable
    @inline(__always)
    public func pickWithoutState(_ request: PickRequest, from pool: borrowing BackendPool) -> Int? {
        guard let key = request.keyHash else { return nil }
        return table.backend(for: key)
    }

    @inlinable
    @inline(never)
    mutating func pickAmongAdmitted(_ request: PickRequest, from pool: borrowing BackendPool) -> Int? {
        let key = request.keyHash ?? generator.next()
        guard request.attempt > TriedBackends.capacity else {
            return candidate(of: key, for: request, from: pool) { _ in true }
        }
        let passed = forgotten(of: key, for: request, from: pool)
        return candidate(of: key, for: request, from: pool) { !passed.contains($0) }
    }

    /// The candidates to pass over, because the request was tried on more backends than it remembers.
    @inlinable
    func forgotten(of key: UInt64, for request: PickRequest, from pool: borrowing BackendPool) -> Set<Int> {
        var passed: Set<Int> = []
        var first = request
        first.tried = TriedBackends()
        while passed.count < request.attempt &- TriedBackends.capacity,
            let index = candidate(of: key, for: first, from: pool, where: { !passed.contains($0) })
        {
            passed.insert(index)
        }
        return passed
    }

    /// The first candidate that takes the key or, if the fractions refuse all, that may.
    @inlinable
    func candidate(
        of key: UInt64, for request: PickRequest, from pool: borrowing BackendPool, where accepts: (Int) -> Bool
    ) -> Int? {
        func isAdmitted(_ index: Int) -> Bool {
            pool.admits(index, for: request) && accepts(index)
        }
        return table.backend(for: key) { index in
            isAdmitted(index)
                && SecondHash.takes(key, identity: identities[index], steps: pool.admission(at: index).steps)
        } ?? table.backend(for: key, where: isAdmitted)
    }

    /// Requests without a key are drawn from a sequence of its own.
    public mutating func diverge(_ seed: PickerSeed) {
        generator = SeededGenerator(seed: seed.value)
    }
}

/// The hash of a key and a backend that decides whether a backend with a fraction takes the key.
@usableFromInline
enum SecondHash {
    /// What stands for a name; of another function than tables place their backends by.
    static func identity(of name: String) -> UInt64 {
        XXH64.hash(name, seed: 0x5EC0_4D00_4A54_0001)
    }

    /// Whether a backend takes the key when its fraction is `steps` · 2⁻¹⁶: for each key from a fraction of the key's own on.
    @inlinable
    static func takes(_ key: UInt64, identity: UInt64, steps: UInt32) -> Bool {
        steps >= Admission.one || UInt32(truncatingIfNeeded: Mixing.mix(key ^ identity) >> 48) < steps
    }
}
