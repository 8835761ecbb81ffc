#if canImport(Glibc)
    // Linux extensions of the C library, which Swift's module of it leaves out.
    @_silgen_name("sched_getaffinity")
    private func getAffinity(_ thread: CInt, _ byteCount: Int, _ mask: UnsafeMutablePointer<UInt64>) -> CInt
    @_silgen_name("sched_setaffinity")
    private func setAffinity(_ thread: CInt, _ byteCount: Int, _ mask: UnsafePointer<UInt64>) -> CInt
#endif

/// Which cores threads run on.
enum Affinity {
    /// Keeps the present thread on one core, the one with number `index` among those that it may use.
    ///
    /// Does nothing where the system has no such thing: then threads that should run at once may share a core for a while.
    static func pinThread(to index: Int) {
        #if canImport(Glibc)
            // Invariant: both arrays have `words` words, which is the length that is passed along.
            let words = 16
            let byteCount = words * 8
            var allowed = [UInt64](repeating: 0, count: words)
            guard unsafe getAffinity(0, byteCount, &allowed) >= 0 else { return }
            let cores = (0..<words * 64).filter { allowed[$0 / 64] >> UInt64($0 % 64) & 1 == 1 }
            guard index < cores.count else { return }
            var chosen = [UInt64](repeating: 0, count: words)
            chosen[cores[index] / 64] = 1 << UInt64(cores[index] % 64)
            _ = unsafe setAffinity(0, byteCount, chosen)
        #endif
    }
}
