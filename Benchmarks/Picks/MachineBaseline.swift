import LoadBalancing
import Synchronization

/// What the machine gives, measured in the same run: nobody picks for less.
struct MachineBaseline: Codable {
    /// One thing that the machine does.
    struct Entry: Codable {
        let name: String
        let oneThread: Measurement
        let twoThreads: Measurement
        /// Only of what threads do not share: how 8 of them share the cores.
        let eightThreads: Measurement?
    }

    let entries: [Entry]
    /// The longest time that an empty call took while 8 threads made them: how long threads wait for a core.
    let longestStallMilliseconds: Double

    /// Nanoseconds of an atomic addition by one thread: the unit of the ratios.
    var atomicAdd: Double { median(of: Self.addName) }

    /// Nanoseconds of a reading of the clock.
    var clockRead: Double { median(of: Self.clockName) }

    private static let callName = "empty call"
    private static let addName = "atomic add"
    private static let clockName = "clock read"

    init(plan: Plan, progress: Progress) {
        let stopwatch = Stopwatch(plan: plan)
        let shared = SharedWords()
        let loops: [(String, Loop)] = [
            (Self.callName, { count, _ in Calls(count).run(count) }),
            (Self.addName, { count, _ in shared.add(count) }),
            ("lock (Mutex)", { count, _ in shared.lock(count) }),
            (Self.clockName, { count, _ in readClock(count) }),
        ]
        entries = loops.map { name, loop in
            progress.show("machine: \(name)")
            return Entry(
                name: name, oneThread: stopwatch.measure(loop), twoThreads: stopwatch.measure(threads: 2, loop),
                eightThreads: name == Self.callName ? stopwatch.measure(threads: 8, loop) : nil)
        }
        progress.show("machine: stalls")
        // As often as each policy is tried, once for each number of backends: the more looks, the longer the longest wait.
        let stalls = (0..<5).flatMap { _ in
            ThreadTeam.run(8) { _ in Calls(1).longest(duration: plan.stallNanoseconds) }
        }
        longestStallMilliseconds = (stalls.max() ?? 0) / 1e6
    }

    private func median(of name: String) -> Double {
        entries.first { $0.name == name }?.oneThread.median ?? .nan
    }

    /// A readable table.
    var text: String {
        var table = Table(["what the machine gives, ns", "1 thread", "2 threads", "8 threads", "1 ÷ atomic add"])
        for entry in entries {
            table.add([
                entry.name, entry.oneThread.cell, entry.twoThreads.cell, entry.eightThreads?.cell ?? "",
                (entry.oneThread.median / atomicAdd).short,
            ])
        }
        let isBusy = entries.contains { max($0.oneThread.spreadPercent, $0.twoThreads.spreadPercent) > 10 }
        return table.text + "\nlongest wait for a core, 8 threads: \(longestStallMilliseconds.short) ms"
            + (isBusy ? "\nthe machine does other things as well: figures are not to be trusted" : "")
    }
}

/// Calls of something that the compiler cannot know.
private struct Calls {
    private let call: @Sendable (UInt64) -> UInt64

    init(_ seed: Int) {
        let all: [@Sendable (UInt64) -> UInt64] = [{ $0 &+ 1 }, { $0 &+ 2 }]
        call = all[seed & 1]
    }

    func run(_ count: Int) -> UInt64 {
        var word: UInt64 = 0
        for _ in 0..<count { word = call(word) }
        return word
    }

    func longest(duration: UInt64) -> Double {
        var word: UInt64 = 0
        var longest: UInt64 = 0
        let start = Stopwatch.now
        while true {
            let before = Stopwatch.now
            word = call(word)
            let after = Stopwatch.now
            longest = max(longest, after - before)
            if after - start > duration { break }
        }
        Sink.take(word)
        return Double(longest)
    }
}

/// Words that threads share.
private final class SharedWords: Sendable {
    private let word = Atomic<UInt64>(0)
    private let guarded = Mutex<UInt64>(0)

    @inline(never)
    func add(_ count: Int) -> UInt64 {
        var sum: UInt64 = 0
        for _ in 0..<count { sum &+= word.wrappingAdd(1, ordering: .relaxed).oldValue }
        return sum
    }

    @inline(never)
    func lock(_ count: Int) -> UInt64 {
        var sum: UInt64 = 0
        for _ in 0..<count {
            sum &+= guarded.withLock { word in
                word &+= 1
                return word
            }
        }
        return sum
    }
}

@inline(never)
private func readClock(_ count: Int) -> UInt64 {
    var sum: UInt64 = 0
    for _ in 0..<count { sum &+= TimeSource.system.now().nanoseconds }
    return sum
}
