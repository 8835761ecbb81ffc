import Synchronization

/// Something that happened, and when.
struct DiaryEntry: Sendable {
    let time: Duration
    /// Whether the balancer said it; else it was done to it.
    let isEvent: Bool
    let text: String

    /// A line of the report.
    var line: String {
        let hundredths = Int((time / .milliseconds(10)).rounded())
        let seconds = "\(hundredths / 100).\(hundredths % 100 < 10 ? "0" : "")\(hundredths % 100)"
        return Report.padded(seconds, to: 6) + (isEvent ? " s  event  " : " s         ") + text
    }
}

/// What happens, in the order in which it does.
final class Diary: Sendable {
    private let start: ContinuousClock.Instant
    private let tell: @Sendable (DiaryEntry) -> Void
    private let list = Mutex<[DiaryEntry]>([])

    init(from start: ContinuousClock.Instant, tell: @escaping @Sendable (DiaryEntry) -> Void) {
        self.start = start
        self.tell = tell
    }

    var entries: [DiaryEntry] { list.withLock { $0 } }

    func note(_ text: String, isEvent: Bool = false) {
        let entry = DiaryEntry(time: start.duration(to: .now), isEvent: isEvent, text: text)
        list.withLock { $0.append(entry) }
        tell(entry)
    }
}

/// What the bad day has shown.
struct BadDayResult {
    let entries: [DiaryEntry]
    /// Requests for each interval and server, by the time of the pick.
    let requests: [[Int]]
    /// Requests of each interval that were not answered with status 200.
    let failures: [Int]

    init(entries: [DiaryEntry], samples: [Sample]) {
        self.entries = entries
        let count = Int((BadDay.duration / BadDay.interval).rounded(.up))
        var requests = Array(repeating: Round.plans.map { _ in 0 }, count: count)
        var failures = Array(repeating: 0, count: count)
        for sample in samples {
            let interval = Int(sample.picked / BadDay.interval)
            guard requests.indices.contains(interval) else { continue }
            requests[interval][sample.server] += 1
            if sample.result != .answered { failures[interval] += 1 }
        }
        self.requests = requests
        self.failures = failures
    }

    /// The table, behind what was told.
    var text: String {
        let names = Round.plans.map(\.name)
        func row(_ first: String, _ cells: [String]) -> String {
            Report.padded(first, to: 9) + cells.map { Report.padded($0, to: 7) }.joined()
        }
        var lines = ["", "Requests in each half second", row("seconds", names + ["failed"])]
        for (number, counts) in requests.enumerated() {
            let begin = BadDay.interval * number / .seconds(1)
            lines.append(row("\(begin)", counts.map(String.init) + ["\(failures[number])"]))
        }
        return lines.joined(separator: "\n")
    }

    static let introduction = """

        A bad day: the same servers, round robin, and what the balancer does by itself
        """
}
