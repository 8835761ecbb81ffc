import Synchronization

/// Copies of one mutable value, so that threads need not wait for each other.
///
/// There is one copy at first, so that threads that come one after another see one order. When threads keep finding it
/// taken, the number doubles, up to a limit (as in Java's `LongAdder`). A thread finds its copy by its stack, since stacks
/// lie apart. A copy that is taken is passed over for the next; when all are taken (holders may have been preempted)
/// the thread uses the overflow copy, whose mutex parks it. With a limit of 1 there is only that one, and one exact
/// order for all threads.
///
/// - Complexity: one atomic exchange and one store, when uncontended.
@usableFromInline
final class Stripes<Value: ~Copyable & Sendable>: @unchecked Sendable {
    /// Changes a copy to what an update has set up, and gives what was there, to be destroyed after the lock is left.
    typealias Install = @Sendable (_ value: inout Value, _ copy: Int) -> Value
    /// Makes the copy with a number; 0 is the first.
    typealias Make = @Sendable (_ copy: Int) -> Value

    @usableFromInline let table: StripeTable<Value>
    @usableFromInline let overflow: Guarded<Value>
    private let collisions = Atomic<Int>(0)
    private let control: Guarded<(make: Make, install: Install?)>

    /// - Parameters:
    ///   - limit: the most copies, rounded up to a power of two; up to 1 means one, behind a mutex.
    ///   - make: makes copies; called again, on a thread that uses the value, when their number grows.
    init(limit: Int, make: @escaping Make) {
        table = StripeTable(limit: limit)
        if table.limit > 1 { table.grow(make) }
        overflow = Guarded(make(table.limit > 1 ? table.limit : 0))
        control = Guarded((make, nil))
    }

    /// The thread's own copy, locked, if nobody uses it; else there is ``withValue(_:)``.
    ///
    /// To be used, and unlocked, at once.
    /// Two calls rather than one with a closure, so that the common case is laid out in line, once.
    @inlinable
    @inline(__always)
    func tryAcquire() -> Stripe<Value>? {
        guard let stripe = table.stripeOfThread, stripe.tryLock() else { return nil }
        guard stripe.isStale else { return stripe }
        stripe.unlock()
        return nil
    }

    /// Uses any copy of the value, exclusively; `body` must be short and must not come back here.
    @inlinable
    func withValue<Result: ~Copyable>(_ body: (inout Value) -> Result) -> Result {
        let count = table.count
        if count > 0 {
            noteCollision(among: count)
            let first = table.indexOfThread
            for step in 0..<count {
                guard let stripe = table[(first + step) % count], stripe.tryLock() else { continue }
                defer { stripe.unlock() }
                if stripe.isStale { bringUpToDate(stripe, copy: (first + step) % count) }
                return body(&stripe.value)
            }
        }
        return overflow.withLock { body(&$0) }
    }

    /// Changes all copies with `install`, and makes copies with `make` from now on.
    ///
    /// When this returns, no use that begins later sees an old one.
    func update(make: @escaping Make, install: @escaping Install) {
        control.withLock { control in
            control = (make, install)
            for index in 0..<table.count {
                guard let stripe = table[index] else { continue }
                guard stripe.lock(attempts: 1_000) else {
                    // Its holder was preempted. Not waiting for it: whoever takes the lock next brings the copy up to date.
                    stripe.setStale(true)
                    continue
                }
                stripe.setStale(false)
                let old = install(&stripe.value, index)
                stripe.unlock()
                discard(old)
            }
            let old = overflow.withLock { install(&$0, table.limit > 1 ? table.limit : 0) }
            discard(old)
        }
    }

    /// Applies the last update to a copy that it found in use; the caller holds the stripe's lock.
    @usableFromInline
    func bringUpToDate(_ stripe: Stripe<Value>, copy: Int) {
        let old: Value? = control.withLock { control in
            guard stripe.isStale, let install = control.install else { return nil }
            stripe.setStale(false)
            return install(&stripe.value, copy)
        }
        _ = consume old
    }

    @usableFromInline
    func noteCollision(among count: Int) {
        guard count < table.limit, collisions.wrappingAdd(1, ordering: .relaxed).newValue >= 4 * count else { return }
        // An update, or another thread that grows the table, is under way: next time.
        control.withLockIfAvailable { control in
            guard table.count == count else { return }
            collisions.store(0, ordering: .relaxed)
            table.grow(control.make)
        }
    }

    private func discard(_ value: consuming Value) {}
}
