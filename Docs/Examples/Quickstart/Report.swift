/// The figures of all rounds as text for a person.
struct Report {
    let results: [RoundResult]

    private static let names = Round.plans.map(\.name)
    private static let slow = names[Round.slow]
    private static let dead = names[Round.dead]

    /// What is about to happen.
    static func introduction(load: Load, roundCount: Int) -> String {
        let times = Round.plans.map { "\($0.name) \(wholeMilliseconds($0.serviceTime))" }.joined(separator: ", ")
        let seconds = Int((load.duration / .seconds(1) * Double(roundCount)).rounded(.up))
        return """
            \(Round.plans.count) HTTP servers on 127.0.0.1; work on a request takes \(times) on average,
            two requests at a time on each server, others queue. All weights are equal.
            \(roundCount == 1 ? "One round" : "\(roundCount) rounds, one for each policy,") of \(load.due.count) requests, \
            \(Int(load.rate)) a second: \(seconds) s in all.
            Half-way through each round \(slow) becomes \(Round.slowdown) times slower and \(dead) is killed.
            Clients give up after \(wholeMilliseconds(Round.timeout)). There are no retries, so that every error shows.

            """
    }

    var text: String {
        var lines = ["All servers are well", line("policy", Self.names + ["p50", "p99", "failed", "timed out"])]
        for result in results { lines.append(line(result.policy, Self.cells(result.healthy))) }

        var servers = Self.names
        servers[Round.slow] += " slow"
        servers[Round.dead] += " dead"
        lines += ["", "\(Self.slow) is slow and \(Self.dead) is dead"]
        lines.append(line("policy", servers + ["p50", "p99", "failed", "timed out", "\(Self.slow) avoided"]))
        for result in results {
            let avoided = result.avoidedAfter.map(Self.wholeMilliseconds) ?? "never"
            lines.append(line(result.policy, Self.cells(result.degraded) + [avoided]))
        }

        let unsentCount = results.reduce(0) { $0 + $1.unsentCount }
        if unsentCount > 0 {
            lines += [
                "", "\(unsentCount) requests were never sent, as all clients were waiting: the machine is too busy.",
            ]
        }
        return (lines + ["", Self.explanation]).joined(separator: "\n")
    }

    private static let explanation = """
        a … e      requests that the policy sent to each server
        p50, p99   ms from when a request was due until it was answered or given up; those that failed are left out
        failed     connection refused or broken: sent to \(dead), which is dead
        timed out  no answer within \(wholeMilliseconds(Round.timeout)): queued at \(slow), which is slow
        \(slow) avoided  time from the slowdown to the first \(Avoidance.window) picks in a row of which \(slow) got less than \
        \(Int(Avoidance.limit * 100)) %
                   of its fair share, which is one in \(names.count)

        These are the bare policies, without health checks. Those that do not look at failures go on sending to the dead
        server. It refuses at once, so it seems idle, and where only requests in flight are counted (least-connections,
        power-of-two-choices) it even draws more. Those that look at latency take a failure for a slow answer. Those
        that draw two servers and take the better one still meet \(slow) and \(dead) together now and then.
        """

    private static func cells(_ figures: Figures) -> [String] {
        let times = [figures.median, figures.p99].map { $0.map(milliseconds) ?? "-" }
        let errors = [figures.failedCount, figures.timedOutCount].map(String.init)
        return figures.requestsPerServer.map(String.init) + times + errors
    }

    private func line(_ name: String, _ cells: [String]) -> String {
        let nameWidth = max(results.map(\.policy.count).max() ?? 0, 6)
        let widths = Self.names.map { _ in 7 } + [7, 7, 8, 11, 11]
        var line = name + Self.spaces(nameWidth - name.count)
        for (cell, width) in zip(cells, widths) { line += Self.spaces(width - cell.count) + cell }
        return line
    }

    /// A text behind as many spaces as make it so long.
    static func padded(_ text: String, to count: Int) -> String { spaces(count - text.count) + text }

    private static func spaces(_ count: Int) -> String {
        String(repeating: " ", count: max(count, 0))
    }

    /// A duration in milliseconds, to a tenth.
    private static func milliseconds(_ duration: Duration) -> String {
        "\((duration / .milliseconds(0.1)).rounded() / 10)"
    }

    private static func wholeMilliseconds(_ duration: Duration) -> String {
        "\(Int(duration / .milliseconds(1))) ms"
    }
}
