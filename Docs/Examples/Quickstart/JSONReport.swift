/// The figures of all rounds for a program: times in milliseconds, `null` for "never" and for no requests.
struct JSONReport {
    let results: [RoundResult]
    let load: Load
    let badDay: BadDayResult

    var text: String {
        let rounds = results.map { result in
            """
                {
                  "policy": "\(result.policy)",
                  "healthy": \(object(result.healthy)),
                  "degraded": \(object(result.degraded)),
                  "slowServerAvoidedAfter": \(number(result.avoidedAfter)),
                  "unsent": \(result.unsentCount)
                }
            """
        }
        return """
            {
              "requestsPerPolicy": \(load.due.count),
              "requestsPerSecond": \(load.rate),
              "slowServer": "\(Round.plans[Round.slow].name)",
              "deadServer": "\(Round.plans[Round.dead].name)",
              "rounds": [
            \(rounds.joined(separator: ",\n"))
              ],
              "badDay": {
                "interval": \(number(BadDay.interval)),
                "servers": [\(Round.plans.map { "\"\($0.name)\"" }.joined(separator: ", "))],
                "requests": \(badDay.requests),
                "failed": \(badDay.failures),
                "diary": [
            \(diary)
                ]
              }
            }

            """
    }

    /// Nothing that is told has a quote or a backslash in it.
    private var diary: String {
        badDay.entries.map { entry in
            """
                  {"time": \(number(entry.time)), "isEvent": \(entry.isEvent), "text": "\(entry.text)"}
            """
        }.joined(separator: ",\n")
    }

    private func object(_ figures: Figures) -> String {
        let servers = zip(Round.plans, figures.requestsPerServer)
            .map { "\"\($0.name)\": \($1)" }
            .joined(separator: ", ")
        return """
            {"requests": {\(servers)}, "p50": \(number(figures.median)), "p99": \(number(figures.p99)), \
            "failed": \(figures.failedCount), "timedOut": \(figures.timedOutCount)}
            """
    }

    private func number(_ duration: Duration?) -> String {
        guard let duration else { return "null" }
        return "\((duration / .microseconds(1)).rounded() / 1000)"
    }
}
