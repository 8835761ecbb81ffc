#if os(Linux)
    import CPacketSocket
    import Glibc

    /// A thread that runs one function, to be joined once.
    struct WorkerThread: Sendable {
        private final class Work: Sendable {
            let body: @Sendable () -> Void

            init(_ body: @escaping @Sendable () -> Void) {
                self.body = body
            }
        }

        private let thread: pthread_t

        /// Starts a thread.
        ///
        /// - Throws: ``PacketSocketError`` if the system has no room for another.
        init(_ body: @escaping @Sendable () -> Void) throws(PacketSocketError) {
            // Invariant: the thread gets what is retained here, and releases it; if there is no thread, it is released below.
            let work = unsafe Unmanaged.passRetained(Work(body))
            var thread = pthread_t()
            let code = unsafe pthread_create(
                &thread, nil,
                { argument in
                    guard let argument = unsafe argument else { return nil }
                    unsafe Unmanaged<Work>.fromOpaque(argument).takeRetainedValue().body()
                    return nil
                }, work.toOpaque())
            guard code == 0 else {
                unsafe work.release()
                throw PacketSocketError(.startThread, on: "worker", code: code)
            }
            self.thread = thread
        }

        /// Waits until the function is done.
        func join() {
            _ = pthread_join(thread, nil)
        }

        /// Keeps the present thread on a core; whether there is one of that number that it may use.
        @discardableResult
        static func pin(to core: Int) -> Bool {
            guard let core = UInt32(exactly: core) else { return false }
            return packet_socket_pin(core) == 0
        }
    }
#endif
