public import Synchronization

/// A handle to the count of the leases in flight on all backends of a balancer together.
///
/// It is one word, so the count is exact, on lines of its own; it costs each lease two more atomic operations, on a line that
/// all threads share. A lease counts here after its backend has counted it in, and no more from before its backend
/// counts it out: the total is never ahead of the sum of the backends' counts, and behind it by the leases that begin or
/// end just then.
///
/// Invariant: the memory is initialised and lives until `destroy`, which its registry calls when it goes itself; whoever
/// has a handle holds the registry, or a slot or a generation that does.
@frozen
@usableFromInline
@safe
struct InFlightTotal: @unchecked Sendable {
    @usableFromInline let count: UnsafeMutablePointer<Atomic<Int>>

    init() {
        // Two lines of 64 bytes, which some processors fetch as a pair.
        let memory = UnsafeMutableRawPointer.allocate(byteCount: 128, alignment: 128)
        unsafe count = memory.bindMemory(to: Atomic<Int>.self, capacity: 1)
        unsafe count.initialize(to: Atomic(0))
    }

    func destroy() {
        unsafe count.deinitialize(count: 1)
        unsafe UnsafeMutableRawPointer(count).deallocate()
    }

    /// The count.
    @inlinable
    var value: Int { unsafe count.pointee.load(ordering: .relaxed) }

    /// Counts leases that have begun, or takes off such as end.
    func add(_ change: Int) {
        unsafe count.pointee.wrappingAdd(change, ordering: .relaxed)
    }
}
