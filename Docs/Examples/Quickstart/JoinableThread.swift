#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// A thread that may block, and that can be waited for.
///
/// Blocking sockets in tasks would hold up Swift's cooperative pool, which has one thread a core: requests would wait for
/// a thread, and that would be taken for the servers' latency. So each client and each server has a thread of its own. In a
/// service with asynchronous sockets (SwiftNIO), use the asynchronous `withBackend` in tasks instead.
///
/// Invariant: `thread` names a thread that was started and has not been joined.
@safe
struct JoinableThread {
    private let thread: pthread_t

    /// Starts a thread.
    init(_ body: @escaping @Sendable () -> Void) throws(ThreadError) {
        let box = unsafe Unmanaged.passRetained(Body(run: body))
        #if canImport(Darwin)
            var thread: pthread_t?
            let code = unsafe pthread_create(
                &thread, nil,
                { box in
                    unsafe Unmanaged<Body>.fromOpaque(box).takeRetainedValue().run()
                    return nil
                }, box.toOpaque())
            guard code == 0, let thread = unsafe thread else {
                unsafe box.release()
                throw ThreadError(code: code)
            }
            unsafe self.thread = thread
        #else
            var thread = pthread_t()
            // The box is retained for the thread, which takes it over, unless there is none.
            let code = unsafe pthread_create(
                &thread, nil,
                { box in
                    if let box = unsafe box { unsafe Unmanaged<Body>.fromOpaque(box).takeRetainedValue().run() }
                    return nil
                }, box.toOpaque())
            guard code == 0 else {
                unsafe box.release()
                throw ThreadError(code: code)
            }
            self.thread = thread
        #endif
    }

    /// Waits until the thread has ended; to be called once.
    func join() {
        #if canImport(Darwin)
            unsafe pthread_join(thread, nil)
        #else
            pthread_join(thread, nil)
        #endif
    }

    /// Holds up the present thread until `deadline`.
    static func sleep(until deadline: ContinuousClock.Instant) {
        let left = ContinuousClock.now.duration(to: deadline)
        guard left > .zero else { return }
        var time = timespec(
            tv_sec: .init(left.components.seconds), tv_nsec: .init(left.components.attoseconds / 1_000_000_000))
        unsafe nanosleep(&time, nil)
    }

    private final class Body: Sendable {
        let run: @Sendable () -> Void

        init(run: @escaping @Sendable () -> Void) {
            self.run = run
        }
    }
}

/// The system gave no thread.
struct ThreadError: Error, CustomStringConvertible {
    let code: CInt

    var description: String { "cannot start a thread: error \(code); raise the limit of processes (ulimit -u)" }
}
