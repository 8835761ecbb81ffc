/// A consistent hash whose busiest backend has little more than its share: a key whose backend is full goes to the next of its
/// candidates.
///
/// A backend is full when it has ⌈c · t · w / W⌉ leases in flight, t being all leases in flight with the one to be placed, w the
/// backend's weight × fraction, and W the sum of those of the backends that may take the request. So there is always one that is not
/// full. Who is full passes keys on along each key's own order, to many others; its keys come back to it as work ends.
///
/// The bound holds where a lease counts in: of all threads that want the last place on a backend one gets it, and the
/// others pick again. It says nothing of leases that were given before the total fell, nor of streams on a connection.
/// A pick without a lease only looks at the loads of the moment, and promises nothing. Retries go elsewhere as with
/// ``ConsistentHashPicker``, but since loads have a say in who comes next, one that comes after more attempts than ``TriedBackends``
/// remembers may return to a backend.
///
/// The total is never ahead of what the backends have in flight, so no lease exceeds the bound of the moment. While threads begin or
/// end leases it may be behind, by one for each of them: if everybody looks full then, loads are added up once more.
///
/// - Complexity: that of the table; O(n) for a request that was tried before, and where the total was behind.
/// - Note: Mirrokni, Thorup and Zadimoghaddam, *Consistent Hashing with Bounded Loads*, 2016 (arXiv 1608.01350); Envoy's
///   `consistent_hashing_lb_config.hash_balance_factor`, HAProxy's `hash-balance-factor`.
@frozen
public struct BoundedLoadPicker<Table: ConsistentHash>: Picker {
    /// The picker whose order of candidates is followed.
    @usableFromInline var base: ConsistentHashPicker<Table>
    /// c: how many times its share of the load a backend may have.
    @usableFromInline let factor: Double
    /// What the backend picked last may have in flight.
    @usableFromInline var limit = 0

    init(_ base: ConsistentHashPicker<Table>, factor: Double) {
        self.base = base
        self.factor = factor
    }

    /// Where keys go while nobody is full.
    public var table: Table { base.table }

    /// The most leases that may be in flight on the backend picked last.
    @inlinable
    public var leaseLimit: Int? { limit }

    /// Chooses a backend that is not full.
    @inlinable
    public mutating func pick(_ request: PickRequest, from pool: borrowing BackendPool) -> Int? {
        if pool.admitsAll(for: request), let index = pickUnrestricted(request, from: pool) { return index }
        return pickAmongAdmitted(request, from: pool)
    }

    /// The short way, where everybody is admitted: the key's first backend, if that is not full.
    @inlinable
    @inline(__always)
    public mutating func pickUnrestricted(_ request: PickRequest, from pool: borrowing BackendPool) -> Int? {
        var generator = base.generator
        guard let index = base.table.backend(for: request.keyHash ?? generator.next()),
            let total = pool.generation.total
        else { return nil }
        let unit = pool.unit(of: factor, total: total.value, shares: pool.generation.admittedShares)
        let limit = pool.limit(of: index, unit: unit)
        guard pool.inFlight(at: index) < limit else { return nil }
        base.generator = generator
        self.limit = limit
        return index
    }

    @inlinable
    @inline(never)
    mutating func pickAmongAdmitted(_ request: PickRequest, from pool: borrowing BackendPool) -> Int? {
        let key = request.keyHash ?? base.generator.next()
        guard request.attempt > TriedBackends.capacity else {
            return pick(key, for: request, from: pool) { _ in true }
        }
        let passed = base.forgotten(of: key, for: request, from: pool)
        return pick(key, for: request, from: pool) { !passed.contains($0) }
    }

    /// The first candidate that `accepts` takes and that is not full.
    @inlinable
    mutating func pick(
        _ key: UInt64, for request: PickRequest, from pool: borrowing BackendPool, where accepts: (Int) -> Bool
    ) -> Int? {
        let shares =
            request.tried.isEmpty
            ? pool.generation.admittedShares : pool.admittedShares(for: request, where: accepts)
        guard shares > 0 else { return nil }
        var total = pool.totalInFlight
        for _ in 0..<8 {
            let unit = pool.unit(of: factor, total: total, shares: shares)
            let index = base.candidate(of: key, for: request, from: pool) { index in
                accepts(index) && pool.inFlight(at: index) < pool.limit(of: index, unit: unit)
            }
            if let index {
                limit = pool.limit(of: index, unit: unit)
                return index
            }
            // Somebody has room: unless nobody may be chosen, the total is behind.
            total = max(pool.totalInFlight, pool.sumOfInFlight)
        }
        return nil
    }

    /// Requests without a key are drawn from a sequence of its own.
    public mutating func diverge(_ seed: PickerSeed) {
        base.diverge(seed)
    }
}

extension BackendPool {
    /// Weight × fraction of all backends that may take `request` and that `accepts` takes.
    @inlinable
    func admittedShares(for request: PickRequest, where accepts: (Int) -> Bool) -> UInt64 {
        var sum: UInt64 = 0
        for index in 0..<count where admits(index, for: request) && accepts(index) {
            sum &+= summableShare(of: index)
        }
        return sum
    }

    /// The leases that a share of 1 may have in flight.
    @inlinable
    func unit(of factor: Double, total: Int, shares: UInt64) -> Double {
        // An admission may change while this is reckoned: not by nothing.
        factor * Double(total &+ 1) / Double(max(shares, 1))
    }

    /// The leases that a backend may have in flight when its share is worth `unit` each.
    @inlinable
    func limit(of index: Int, unit: Double) -> Int {
        // What is above a whole number by no more than rounding is that number. Nobody can have as many as the greatest.
        Int(min((unit * Double(summableShare(of: index)) * (1 - 0x1p-48)).rounded(.up), 0x1p40))
    }
}
