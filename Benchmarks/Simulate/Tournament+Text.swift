import Foundation

extension Tournament.Result {
    /// A readable table.
    var text: String {
        let isWatched = setup.watch != nil
        var header = [
            "\(scenario.rawValue), \(setup.name)", "p50", "p99", "p99.9", "÷ bound", "", "", "errors %", "in flight",
        ]
        if isWatched { header += ["share %", "avoided ms", "back ms"] }
        if setup.zones != nil { header += ["errors end ms", "away %", "lost", "standby %", "lost"] }
        var table = Table(header)
        for summary in summaries {
            let ratios = [summary.p50, summary.p99, summary.p999].map { $0.ratio?.ratio ?? "" }
            var row = [summary.policy, summary.p50.cell, summary.p99.cell, summary.p999.cell] + ratios
            row.append(summary.errorPercent.median == 0 ? "" : summary.errorPercent.median.short)
            row.append((isWatched ? summary.mostOnWatched : summary.mostInFlight).grouped)
            if isWatched {
                row += [
                    (summary.sharePercent ?? .nan).short, summary.avoidedMilliseconds.time,
                    summary.backMilliseconds.time,
                ]
            }
            if let spill = summary.spill {
                row.append(Double?.some(spill.errorFreeMilliseconds).time)
                row += [spill.awayBefore, spill.awayDuring, spill.standbyBefore, spill.standbyDuring].map(\.short)
            }
            table.add(row)
        }
        return table.text
    }
}

extension Summary.Figure {
    fileprivate var cell: String { "\(median.short) ±\(Int(spreadPercent.rounded()))%" }
}

extension Double {
    /// A ratio with three decimals below 10.
    fileprivate var ratio: String {
        self < 9.9995 ? String(format: "%.3f", self) : short
    }
}

extension Double? {
    fileprivate var time: String {
        guard let self else { return "" }
        return self == .infinity ? "never" : Int(self.rounded()).grouped
    }
}
