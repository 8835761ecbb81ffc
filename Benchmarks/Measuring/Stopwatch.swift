import Dispatch
import Foundation
import Synchronization

/// A loop to be timed: does `count` steps as the thread of a number, and gives a word that depends on all of them.
typealias Loop = @Sendable (_ count: Int, _ thread: Int) -> UInt64

/// Times loops.
struct Stopwatch {
    let plan: Plan

    /// Nanoseconds on the machine's monotonic clock.
    static var now: UInt64 { DispatchTime.now().uptimeNanoseconds }

    static let cores = ProcessInfo.processInfo.activeProcessorCount

    /// The time of a step, in nanoseconds of wall time, when `threads` threads run the loop at once.
    func measure(threads: Int = 1, _ loop: @escaping Loop) -> Measurement {
        for thread in 0..<threads { Sink.take(loop(1, thread)) }
        let count = calibrate(threads: threads, loop)
        return Measurement(runs: (0..<plan.runs).map { _ in time(count, threads: threads, loop) })
    }

    /// How many steps take about as long as a run should.
    ///
    /// Threads that share cores are given as much more time, or some would be done before others begin.
    private func calibrate(threads: Int, _ loop: @escaping Loop) -> Int {
        // Threads that hinder each other may be far slower than one alone: by up to 64 times they still fit.
        var count = threads > 1 ? calibrate(threads: 1, loop) / 64 + 1 : 1
        let goal = plan.runNanoseconds * max(1, Double(threads) / Double(Self.cores))
        while true {
            // The shortest of three: one interruption must not pass for the time of a step.
            let times = (0..<3).map { _ in time(count, threads: threads, loop) * Double(count) }
            let shortest = times.min() ?? goal
            if shortest > goal / 8 || count > 1 << 30 {
                return Int(Double(count) * goal / max(shortest, 1)) + 1
            }
            count *= 4
        }
    }

    /// Nanoseconds a step in one run.
    ///
    /// With a core for each thread this is the mean of the threads' own times, which overlap almost entirely. Where threads
    /// share cores it is the time from the first one's start to the last one's end: what each had to wait for all of them.
    private func time(_ count: Int, threads: Int, _ loop: @escaping Loop) -> Double {
        guard threads > 1 else { return Self.interval(count, thread: 0, loop).length / Double(count) }
        let intervals = ThreadTeam.run(threads) { thread in Self.interval(count, thread: thread, loop) }
        if threads <= Self.cores {
            return intervals.reduce(0) { $0 + $1.length } / Double(threads) / Double(count)
        }
        let start = intervals.map(\.start).min() ?? 0
        let end = intervals.map(\.end).max() ?? 0
        return Double(end - start) / Double(count)
    }

    private static func interval(_ count: Int, thread: Int, _ loop: Loop) -> Interval {
        let start = now
        let result = loop(count, thread)
        let end = now
        Sink.take(result)
        return Interval(start: start, end: end)
    }
}

/// A stretch of time, in nanoseconds of the machine's clock.
private struct Interval {
    let start: UInt64
    let end: UInt64

    var length: Double { Double(end - start) }
}

/// Takes results in, so that no work is optimised away.
enum Sink {
    private static let word = Atomic<UInt64>(0)

    static func take(_ value: UInt64) {
        word.wrappingAdd(value, ordering: .relaxed)
    }
}
