import Dispatch
import Foundation
import Synchronization

/// Threads that do the same thing at the same time, each on a core of its own if there are enough.
enum ThreadTeam {
    /// What the threads of one run share.
    private final class Meeting<Value: Sendable>: Sendable {
        let done = DispatchGroup()
        private let count: Int
        /// Threads that have yet to come to the gate.
        private let missing: Atomic<Int>
        private let results: Mutex<[Int: Value]>
        private let body: Mutex<(@Sendable (Int) -> Value)?>

        init(count: Int, body: @escaping @Sendable (Int) -> Value) {
            self.count = count
            self.body = Mutex(body)
            missing = Atomic(count)
            results = Mutex([:])
        }

        /// Does a thread's part, and keeps nothing of it.
        func work(as index: Int) {
            guard let body = body.withLock({ $0 }) else { return }
            if count <= Stopwatch.cores { Affinity.pinThread(to: index) }
            passGate()
            let result = body(index)
            results.withLock { $0[index] = result }
        }

        /// Waits until everybody is here; busily only where each thread has a core of its own.
        private func passGate() {
            missing.wrappingSubtract(1, ordering: .acquiringAndReleasing)
            while missing.load(ordering: .acquiring) > 0 {
                if count > Stopwatch.cores { sched_yield() }
            }
        }

        /// Lets go of what the body holds, since threads end some time after their work, and gives the results.
        func close() -> [Value] {
            body.withLock { $0 = nil }
            return results.withLock { results in (0..<count).compactMap { results[$0] } }
        }
    }

    /// Runs `body` on `count` new threads, which begin together; gives what each returned, by its number.
    static func run<Value: Sendable>(
        _ count: Int, _ body: @escaping @Sendable (_ thread: Int) -> Value
    ) -> [Value] {
        let meeting = Meeting(count: count, body: body)
        for index in 0..<count {
            meeting.done.enter()
            let thread = Thread {
                meeting.work(as: index)
                meeting.done.leave()
            }
            thread.start()
        }
        meeting.done.wait()
        return meeting.close()
    }
}
