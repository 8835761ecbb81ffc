import Foundation
import LoadBalancing
import PacketForwarding
import Synchronization

/// An engine that works on a thread of its own all the time, and the longest that it stood still.
final class WorkingEngine: Sendable {
    private let isOver = Atomic(false)
    private let longest = Atomic<UInt64>(0)
    private let rounds = Atomic<UInt64>(0)
    private let done = DispatchSemaphore(value: 0)

    /// Begins to work.
    init(_ control: ForwardingControl, capacity: EngineCapacity) {
        let thread = Thread {
            self.work(ForwardingEngine(control, capacity: capacity, now: PacketScene.start))
            self.done.signal()
        }
        thread.start()
        while rounds.load(ordering: .acquiring) == 0 { sched_yield() }
    }

    private func work(_ engine: consuming ForwardingEngine) {
        var engine = engine
        while !isOver.load(ordering: .relaxed) {
            let start = Stopwatch.now
            engine.poll(at: PacketScene.start)
            let time = Stopwatch.now - start
            if time > longest.load(ordering: .relaxed) { longest.store(time, ordering: .relaxed) }
            rounds.wrappingAdd(1, ordering: .releasing)
        }
    }

    /// The longest that a step took, in milliseconds, while something was done, and as long as that takes to be noticed.
    func longestStep(during change: () throws -> Void) rethrows -> Double {
        longest.store(0, ordering: .relaxed)
        try change()
        let seen = rounds.load(ordering: .acquiring)
        while rounds.load(ordering: .acquiring) < seen + 2 { sched_yield() }
        return Double(longest.load(ordering: .relaxed)) / 1e6
    }

    /// Ends the work, and waits for that.
    func end() {
        isOver.store(true, ordering: .relaxed)
        done.wait()
    }
}
