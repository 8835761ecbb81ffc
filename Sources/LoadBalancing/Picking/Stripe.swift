public import Synchronization

/// A copy of a value behind a try-lock, on cache lines of its own.
@usableFromInline
@frozen
struct StripeStorage<Value: ~Copyable>: ~Copyable {
    /// 1 while somebody uses the value.
    @usableFromInline let lock = Atomic<UInt32>(0)
    /// 1 when an update found the value in use: whoever takes the lock next brings it up to date.
    @usableFromInline let isStale = Atomic<UInt32>(0)
    @usableFromInline var value: Value

    init(_ value: consuming Value) {
        self.value = value
    }
}

/// A handle to a stripe.
///
/// Invariant: the storage is initialised and lives until `destroy`, which its owner calls when no other handle is in use;
/// `value` is touched only between a successful `tryLock` and the `unlock` that follows.
@frozen
@usableFromInline
@safe
struct Stripe<Value: ~Copyable>: @unchecked Sendable {
    @usableFromInline let storage: UnsafeMutablePointer<StripeStorage<Value>>

    init(_ value: consuming Value) {
        let line = 128
        let size = (MemoryLayout<StripeStorage<Value>>.size + line - 1) / line * line
        unsafe storage = UnsafeMutableRawPointer.allocate(byteCount: size, alignment: line)
            .bindMemory(to: StripeStorage<Value>.self, capacity: 1)
        unsafe storage.initialize(to: StripeStorage(value))
    }

    func destroy() {
        unsafe storage.deinitialize(count: 1)
        unsafe UnsafeMutableRawPointer(storage).deallocate()
    }

    @inlinable
    @inline(__always)
    func tryLock() -> Bool {
        unsafe storage.pointee.lock.exchange(1, ordering: .acquiring) == 0
    }

    @inlinable
    @inline(__always)
    func unlock() {
        unsafe storage.pointee.lock.store(0, ordering: .releasing)
    }

    @inlinable
    var isStale: Bool {
        unsafe storage.pointee.isStale.load(ordering: .relaxed) != 0
    }

    func setStale(_ stale: Bool) {
        unsafe storage.pointee.isStale.store(stale ? 1 : 0, ordering: .sequentiallyConsistent)
    }

    /// The value, for who holds the lock.
    @inlinable
    var value: Value {
        @inline(__always) _read { yield unsafe storage.pointee.value }
        @inline(__always) nonmutating _modify { yield unsafe &storage.pointee.value }
    }
}
