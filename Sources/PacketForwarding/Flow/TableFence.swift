import Synchronization

/// What must be in memory before what follows is.
enum TableFence {
    /// Keeps the compiler and the processor from moving writes from before the call behind it.
    ///
    /// A process that dies, dies between two of its writes; memory that outlives it holds those before.
    @inline(__always)
    static func passed() {
        atomicMemoryFence(ordering: .acquiringAndReleasing)
    }
}
