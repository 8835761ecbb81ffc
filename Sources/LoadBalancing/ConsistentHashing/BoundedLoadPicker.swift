public import Synchronization

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
        let key = request.keyHash ?? base.generator.next()
        let passed = base.forgotten(of: key, for: request, from: pool)
        let shares = pool.admittedShare(for: request, except: passed)
        guard shares > 0 else { return nil }
        var total = pool.totalInFlight
        for _ in 0..<8 {
            let unit = factor * Double(total &+ 1) / shares
            let index = base.candidate(of: key, for: request, from: pool) { index in
                pool.inFlight(at: index) < pool.limit(of: index, unit: unit) && !passed.contains(index)
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
    /// Weight × fraction of all backends that may take `request`.
    @inlinable
    func admittedShare(for request: PickRequest, except passed: Set<Int>) -> Double {
        guard !request.tried.isEmpty else { return Double(generation.admittedShare.load(ordering: .relaxed)) }
        var sum: UInt64 = 0
        for index in 0..<count where admits(index, for: request) && !passed.contains(index) {
            sum &+= summableShare(of: index)
        }
        return Double(sum)
    }

    /// The leases that a backend may have in flight when its share is worth `unit` each.
    @inlinable
    func limit(of index: Int, unit: Double) -> Int {
        // A whole number that is no more than rounding above one is that one; nobody can have as many as the greatest.
        Int(min((unit * Double(summableShare(of: index)) * (1 - 0x1p-48)).rounded(.up), 0x1p40))
    }
}
