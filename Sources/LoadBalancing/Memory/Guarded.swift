public import Synchronization

/// A value behind a mutex, in a form that the thread sanitizer can follow.
///
/// On Linux a contended `Mutex` goes through the kernel inside a library that is not instrumented: the sanitizer then sees
/// no order between the unlocking and the locking that follows, and reports whatever the mutex guards, in every program
/// that uses this package. Storing to a word before the mutex is left, and loading it after it is entered, says the order in
/// the sanitizer's own terms; on x86 both are plain moves.
@usableFromInline
package struct Guarded<Value: ~Copyable>: ~Copyable, Sendable {
    @usableFromInline let mutex: Mutex<Value>
    @usableFromInline let order = Atomic<UInt8>(0)

    @usableFromInline
    package init(_ value: consuming sending Value) {
        mutex = Mutex(value)
    }

    /// Uses the value, exclusively; waits for whoever uses it.
    @inlinable
    package borrowing func withLock<Result: ~Copyable, Failure: Error>(
        _ body: (inout sending Value) throws(Failure) -> sending Result
    ) throws(Failure) -> sending Result {
        try mutex.withLock { value throws(Failure) in
            _ = order.load(ordering: .acquiring)
            defer { order.store(0, ordering: .releasing) }
            return try body(&value)
        }
    }

    /// Uses the value, exclusively, unless somebody does.
    @inlinable
    @discardableResult
    package borrowing func withLockIfAvailable<Result: ~Copyable, Failure: Error>(
        _ body: (inout sending Value) throws(Failure) -> sending Result
    ) throws(Failure) -> sending Result? {
        try mutex.withLockIfAvailable { value throws(Failure) in
            _ = order.load(ordering: .acquiring)
            defer { order.store(0, ordering: .releasing) }
            return try body(&value)
        }
    }
}
