import Dispatch
import Foundation
import Synchronization

/// Threads that do the same thing at the same time.
enum ThreadTeam {
    /// What the threads of one run share.
    private final class Meeting: Sendable {
        /// Threads that have yet to come to the gate.
        private let missing: Atomic<Int>
        let results: Mutex<[Double]>
        let done = DispatchGroup()
        private let body: Mutex<(@Sendable (Int) -> Double)?>

        init(count: Int, body: @escaping @Sendable (Int) -> Double) {
            self.body = Mutex(body)
            missing = Atomic(count)
            results = Mutex(Array(repeating: 0, count: count))
        }

        /// Waits until everybody is here; busily only where each thread has a core of its own.
        private func pass(yielding: Bool) {
            missing.wrappingSubtract(1, ordering: .acquiringAndReleasing)
            while missing.load(ordering: .acquiring) > 0 {
                if yielding { sched_yield() }
            }
        }

        /// Does a thread's part, and keeps nothing of it.
        func work(as index: Int) {
            guard let body = body.withLock({ $0 }) else { return }
            pass(yielding: results.withLock { $0.count } > Stopwatch.cores)
            let result = body(index)
            results.withLock { $0[index] = result }
        }

        /// Lets go of what the body holds: threads end some time after their work.
        func close() {
            body.withLock { $0 = nil }
        }
    }

    /// Runs `body` on `count` new threads, which begin together; gives what each returned, by its number.
    static func run(_ count: Int, _ body: @escaping @Sendable (_ thread: Int) -> Double) -> [Double] {
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
        meeting.close()
        return meeting.results.withLock { $0 }
    }
}
