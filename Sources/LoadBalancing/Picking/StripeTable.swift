public import Synchronization

/// The stripes there are, and which of them is a thread's own.
///
/// Invariant: stripes below `count` are initialised, never move, and live as long as this object; a stripe is in place before
/// it is counted. Only one thread at a time grows the table.
@usableFromInline
@safe
struct StripeTable<Value: ~Copyable & Sendable>: ~Copyable, @unchecked Sendable {
    @usableFromInline let stripes: UnsafeMutablePointer<Stripe<Value>>
    /// 64 less the binary logarithm of the number of stripes; 0 while there are none.
    @usableFromInline let shift = Atomic<UInt64>(0)
    /// The most stripes: a power of two.
    let limit: Int

    init(limit: Int) {
        var rounded = 1
        while rounded < min(max(limit, 1), 1 << 12) { rounded *= 2 }
        self.limit = rounded
        unsafe stripes = .allocate(capacity: rounded)
    }

    deinit {
        for index in 0..<count { unsafe stripes[index].destroy() }
        unsafe stripes.deallocate()
    }

    /// The number of stripes in use: none or a power of two.
    @usableFromInline
    var count: Int {
        let shift = shift.load(ordering: .acquiring)
        return shift == 0 ? 0 : 1 << Int(64 - shift)
    }

    @usableFromInline
    subscript(_ index: Int) -> Stripe<Value>? {
        index < count ? unsafe stripes[index] : nil
    }

    /// Doubles the number of stripes; one when there are none.
    func grow(_ make: (Int) -> Value) {
        let old = count
        let new = max(1, 2 * old)
        guard new <= limit else { return }
        for index in old..<new { unsafe (stripes + index).initialize(to: Stripe(make(index))) }
        shift.store(UInt64(64 - new.trailingZeroBitCount), ordering: .releasing)
    }

    /// The present thread's stripe; `nil` when there are none.
    @inlinable
    @inline(__always)
    var stripeOfThread: Stripe<Value>? {
        let shift = shift.load(ordering: .acquiring)
        if shift == 64 { return unsafe stripes[0] }
        guard shift > 0 else { return nil }
        return unsafe stripes[Int(truncatingIfNeeded: Self.threadHash &>> shift)]
    }

    /// The index of the present thread's stripe.
    @usableFromInline
    var indexOfThread: Int {
        let shift = shift.load(ordering: .acquiring)
        return shift > 0 ? Int(truncatingIfNeeded: Self.threadHash >> shift) : 0
    }

    /// A number that is the same on one thread, within 64 KiB of stack, and differs in its high bits between threads.
    @inlinable
    @inline(__always)
    static var threadHash: UInt64 {
        var local: UInt8 = 0
        // Nothing is written through the pointer, so there is nothing for a stack protector to check; its check would cost
        // every pick a store.
        let address = unsafe _withUnprotectedUnsafeMutablePointer(to: &local) { UInt64(UInt(bitPattern: $0)) }
        return (address >> 16) &* 0x9E37_79B9_7F4A_7C15
    }
}

extension Stripe where Value: ~Copyable {
    /// Tries for the lock several times.
    func lock(attempts: Int) -> Bool {
        for _ in 0..<attempts where tryLock() { return true }
        return false
    }
}
