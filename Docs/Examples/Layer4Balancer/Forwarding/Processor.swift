import Glibc

/// The processors that a thread may run on.
enum Processor {
    private typealias Call = @convention(c) (pid_t, Int, UnsafeRawPointer) -> CInt

    /// Keeps this thread on one processor; where that is not allowed it stays on any.
    static func stay(on cpu: Int) {
        var words = [UInt64](repeating: 0, count: 16)
        guard cpu / 64 < words.count else { return }
        words[cpu / 64] = 1 << UInt64(cpu % 64)
        // The C library has the call, but declares it only for GNU sources.
        guard let symbol = unsafe dlsym(nil, "sched_setaffinity") else { return }
        let call = unsafe unsafeBitCast(symbol, to: Call.self)
        let result = unsafe words.withUnsafeBytes { bytes in
            unsafe bytes.baseAddress.map { unsafe call(0, bytes.count, $0) }
        }
        if result != 0 { Log.say("workers.cpus: a worker cannot stay on processor \(cpu), and runs on any") }
    }
}
