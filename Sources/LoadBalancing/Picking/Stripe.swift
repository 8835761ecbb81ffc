public import Synchronization

/// What threads see of a stripe that they do not hold.
@usableFromInline
@frozen
struct StripeHeader: ~Copyable {
    /// 1 while somebody uses the value.
    @usableFromInline let lock = Atomic<UInt32>(0)
    /// 1 when an update found the value in use: whoever takes the lock next brings it up to date.
    @usableFromInline let isStale = Atomic<UInt32>(0)

    init() {}
}

/// A handle to a stripe: a copy of a value behind a try-lock, on cache lines of its own.
///
/// Invariant: `header` points to memory that begins with an initialised header, has an initialised value
/// `valueOffset` bytes further on, and lives until `destroy`, which its owner calls when no other handle is in use; the value
/// is touched only between a successful `tryLock` and the `unlock` that follows. (It is no field of one struct with the
/// header: who changes a field has access to the whole struct, of which others read the lock meanwhile.)
@frozen
@usableFromInline
@safe
struct Stripe<Value: ~Copyable>: @unchecked Sendable {
    @usableFromInline let header: UnsafeMutablePointer<StripeHeader>

    @inlinable
    static var valueOffset: Int {
        let alignment = MemoryLayout<Value>.alignment
        return (MemoryLayout<StripeHeader>.size &+ alignment &- 1) & ~(alignment &- 1)
    }

    @inlinable
    @inline(__always)
    var valuePointer: UnsafeMutablePointer<Value> {
        unsafe UnsafeMutableRawPointer(header).advanced(by: Self.valueOffset).assumingMemoryBound(to: Value.self)
    }

    init(_ value: consuming Value) {
        let line = 128
        let size = (Self.valueOffset + MemoryLayout<Value>.size + line - 1) / line * line
        let memory = UnsafeMutableRawPointer.allocate(byteCount: size, alignment: line)
        unsafe header = memory.bindMemory(to: StripeHeader.self, capacity: 1)
        unsafe header.initialize(to: StripeHeader())
        unsafe (memory + Self.valueOffset).bindMemory(to: Value.self, capacity: 1).initialize(to: value)
    }

    func destroy() {
        unsafe valuePointer.deinitialize(count: 1)
        unsafe header.deinitialize(count: 1)
        unsafe UnsafeMutableRawPointer(header).deallocate()
    }

    @inlinable
    @inline(__always)
    func tryLock() -> Bool {
        unsafe header.pointee.lock.exchange(1, ordering: .acquiring) == 0
    }

    @inlinable
    @inline(__always)
    func unlock() {
        unsafe header.pointee.lock.store(0, ordering: .releasing)
    }

    @inlinable
    var isStale: Bool {
        unsafe header.pointee.isStale.load(ordering: .relaxed) != 0
    }

    func setStale(_ stale: Bool) {
        unsafe header.pointee.isStale.store(stale ? 1 : 0, ordering: .sequentiallyConsistent)
    }

    /// The value, for who holds the lock.
    @inlinable
    var value: Value {
        @inline(__always) _read { yield unsafe valuePointer.pointee }
        @inline(__always) nonmutating _modify { yield unsafe &valuePointer.pointee }
    }
}
