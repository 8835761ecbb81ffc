import Foundation

extension String {
    /// Which side of a column text stands on.
    enum Side {
        case leading, trailing
    }

    /// The text, filled up with spaces.
    func padded(to width: Int, _ side: Side) -> String {
        let fill = String(repeating: " ", count: max(0, width - count))
        return side == .leading ? self + fill : fill + self
    }
}

extension Double {
    /// With as many digits as mean something: `1.23`, `12.3`, `1,234`.
    var short: String {
        guard isFinite else { return "–" }
        let digits = abs(self) < 9.995 ? 2 : abs(self) < 99.95 ? 1 : 0
        return digits > 0 ? String(format: "%.\(digits)f", self) : Int(rounded()).grouped
    }

    /// With the digits that tell shares apart: `1.0015`, `12.34`.
    var fine: String {
        isFinite ? String(format: abs(self) < 9.9995 ? "%.4f" : "%.2f", self) : "–"
    }

    /// A time in nanoseconds with a unit: `12.3 ns`, `4.56 µs`, `7.89 ms`.
    var asTime: String {
        if abs(self) < 999.5 { return "\(short) ns" }
        return abs(self) < 999.5e3 ? "\((self / 1e3).short) µs" : "\((self / 1e6).short) ms"
    }
}

extension Int {
    /// With commas between thousands.
    var grouped: String {
        var digits = String(magnitude)
        var groups: [String] = []
        while digits.count > 3 {
            groups.insert(String(digits.suffix(3)), at: 0)
            digits.removeLast(3)
        }
        return (self < 0 ? "-" : "") + ([digits] + groups).joined(separator: ",")
    }
}

extension Measurement {
    /// The median and the spread: `1.23 ±2%`.
    var cell: String { "\(median.short) ±\(Int(spreadPercent.rounded()))%" }

    /// The same with a unit of time.
    var timeCell: String { "\(median.asTime) ±\(Int(spreadPercent.rounded()))%" }
}
