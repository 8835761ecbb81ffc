public import Synchronization

/// A picker and its pool: what each stripe has a copy of.
@frozen
@usableFromInline
struct PickingState<P: Picker>: ~Copyable, Sendable {
    // The pool first: it is next to the stripe's lock then, on the same cache line, however large the picker is.
    @usableFromInline var pool: BackendPool
    @usableFromInline var picker: P
    /// How often somebody has looked closely at this copy: ``Balancer`` lets the 64th look at the time.
    @usableFromInline var looks: UInt8 = 0

    @usableFromInline
    init(picker: P, pool: consuming BackendPool) {
        self.picker = picker
        self.pool = pool
    }

    @inlinable
    mutating func pick(_ request: PickRequest) -> Int? {
        picker.pick(request, from: pool)
    }

    /// The short way, if it may be taken.
    @inlinable
    @inline(__always)
    mutating func pickUnrestricted(_ request: PickRequest) -> Int? {
        pool.admitsAll(for: request) ? picker.pickUnrestricted(request, from: pool) : nil
    }
}

/// The picker and the pool that a ``SharedPicker`` began with: never changed, and so read by all threads without a lock.
@usableFromInline
final class FirstPick<P: Picker>: Sendable {
    @usableFromInline let picker: P
    @usableFromInline let pool: BackendPool

    init(_ picker: P, _ pool: consuming BackendPool) {
        self.picker = picker
        self.pool = pool
    }

    @inlinable
    @inline(__always)
    func pick(_ request: PickRequest) -> Int? {
        pool.admitsAll(for: request) ? picker.pickWithoutState(request, from: pool) : nil
    }
}

/// A picker that many threads may use at once.
///
/// Each of several copies of the picker sits behind a lock of its own that nobody waits for; there is one copy until threads
/// get into each other's way, and so one exact order until then. Where a pick changes nothing (``Picker/picksWithoutState``) all
/// threads read one picker and no lock, until the first ``update(_:pool:)``. Use ``LoadBalancer`` where picks are for real work:
/// it also counts the work and keeps the set of backends up to date.
///
/// - Complexity: the picker's own cost and one atomic exchange; a load instead of that where no lock is taken.
public final class SharedPicker<P: Picker>: Sendable {
    /// What all threads read while ``isFirst``; `nil` where picks change the picker.
    ///
    /// Invariant: what it holds is never written after it is made, and lives as long as this object, so that a pick which an
    /// update overtakes ends on memory that is still there. That is why only the first is read so: of a later one nobody would
    /// know when its last reader has gone.
    @usableFromInline let first: FirstPick<P>?
    /// Whether there was no update: once `false`, it stays so, and an update says it before it changes any copy.
    @usableFromInline let isFirst = Atomic<Bool>(true)
    @usableFromInline let stripes: Stripes<PickingState<P>>
    private let seed: UInt64
    /// The picker as it was made for the pool in force, and how many pools came before.
    private let last: Guarded<(prototype: P, updateCount: Int)>

    /// The most copies, unless said otherwise: enough for 64 threads at once.
    public static var defaultStripeLimit: Int { 64 }

    /// Shares the picker that `policy` makes for `pool`.
    ///
    /// - Parameters:
    ///   - policy: how to choose.
    ///   - pool: the backends.
    ///   - seed: what all random choices follow from.
    ///   - stripeLimit: the most copies of the picker, rounded up to a power of two; 1 means one exact order across all
    ///     threads, behind a mutex.
    public init<Chosen: Policy>(
        _ policy: Chosen, pool: consuming BackendPool, seed: UInt64 = .random(in: .min ... .max),
        stripeLimit: Int = SharedPicker.defaultStripeLimit
    ) where Chosen.P == P {
        self.seed = seed
        let prototype = policy.makePicker(for: pool, seed: seed)
        last = Guarded((prototype, 0))
        first = P.picksWithoutState ? FirstPick(prototype, pool.copy()) : nil
        stripes = Stripes(limit: stripeLimit, make: Self.maker(of: prototype, pool: pool, seed: seed))
    }

    /// Chooses for a request: the index in the pool, or `nil` where nobody may be chosen.
    @inlinable
    @inline(__always)
    public func pick(_ request: PickRequest = PickRequest()) -> Int? {
        if P.picksWithoutState, isFirst.load(ordering: .acquiring), let index = first?.pick(request) { return index }
        guard let stripe = stripes.tryAcquire() else { return pickElsewhere(request) }
        guard let index = stripe.value.pickUnrestricted(request) else {
            return pick(request, holding: stripe)
        }
        stripe.unlock()
        return index
    }

    @inlinable
    @inline(never)
    func pick(_ request: PickRequest, holding stripe: Stripe<PickingState<P>>) -> Int? {
        let index = stripe.value.pick(request)
        stripe.unlock()
        return index
    }

    @inlinable
    @inline(never)
    func pickElsewhere(_ request: PickRequest) -> Int? {
        stripes.withValue { state in state.pick(request) }
    }

    /// Chooses from `pool` from now on: when this returns, no later pick is made from an old pool.
    ///
    /// Copies go on where they were: round robin does not fall back to the first backend.
    public func update<Chosen: Policy>(_ policy: Chosen, pool: consuming BackendPool) where Chosen.P == P {
        last.withLock { last in
            isFirst.store(false, ordering: .sequentiallyConsistent)
            last.updateCount += 1
            // Another seed for each update, or each would bring the same draws again.
            let seed = Mixing.mix(seed, position: last.updateCount)
            last.prototype = policy.makePicker(for: pool, replacing: last.prototype, seed: seed)
            stripes.update(
                make: Self.maker(of: last.prototype, pool: pool, seed: seed),
                install: Self.installer(of: last.prototype, pool: pool, seed: seed))
        }
    }

    static func maker(
        of prototype: P, pool: borrowing BackendPool, seed: UInt64
    ) -> @Sendable (Int) -> PickingState<P> {
        let generation = pool.generation
        return { copy in
            var picker = prototype
            picker.diverge(PickerSeed(copy: copy, common: seed))
            return PickingState(picker: picker, pool: BackendPool(generation))
        }
    }

    static func installer(
        of prototype: P, pool: borrowing BackendPool, seed: UInt64
    ) -> @Sendable (inout PickingState<P>, Int) -> PickingState<P> {
        let make = maker(of: prototype, pool: pool, seed: seed)
        return { state, copy in
            var new = make(copy)
            new.picker.resume(from: state.picker)
            let old = state
            state = new
            return old
        }
    }
}
