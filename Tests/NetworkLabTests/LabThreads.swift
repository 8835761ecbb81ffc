#if os(Linux)
    import Foundation
    import Testing

    /// Runs the tests of a suite on two threads for all of them.
    ///
    /// They wait for programs and sockets, while the threads that other tests share are as few as the cores and must not be held up.
    struct LabThreads: SuiteTrait, TestTrait, TestScoping {
        let isRecursive = true

        func provideScope(
            for test: Test, testCase: Test.Case?, performing function: @Sendable () async throws -> Void
        ) async throws {
            guard testCase != nil else { return try await function() }
            try await withTaskExecutorPreference(Executor.shared) { try await function() }
        }

        private final class Executor: TaskExecutor {
            static let shared = Executor()

            private let queue: OperationQueue = {
                let queue = OperationQueue()
                queue.maxConcurrentOperationCount = 2
                return queue
            }()

            func enqueue(_ job: consuming ExecutorJob) {
                // Run once, and kept alive until then by the runtime, as executors promise; this one lives for ever.
                let job = UnownedJob(job)
                queue.addOperation { unsafe job.runSynchronously(on: self.asUnownedTaskExecutor()) }
            }
        }
    }

    extension Trait where Self == LabThreads {
        /// On the threads of the network lab.
        static var onLabThreads: Self { LabThreads() }
    }
#endif
