/// The order in which smooth weighted round robin serves, from start to start.
///
/// nginx gives each backend a score, adds its weight before every pick, serves the highest (the first of equals), and takes
/// the sum W of all weights off the winner's. After t picks a backend of weight w that was served k times has
/// t · w − k · W, so backends of one weight are served in turn, one record for each *distinct* weight carries the whole
/// state, and after W / gcd picks all is as at first.
enum SmoothCycle {
    /// The longest cycle that is laid out: a quarter of a megabyte at most, shared by all copies.
    static let maximumLength = 1 << 16
    /// The most matches that are played to lay out one: some tens of milliseconds.
    static let maximumWork = 1 << 24

    private struct WeightClass {
        var weight: Int64
        var score: Int64 = 0
        var members: [UInt32] = []
        var next = 0
    }

    /// One whole cycle of indices; `nil` if it would be too long, or too much work to lay out.
    ///
    /// - Complexity: O(length × distinct weights).
    static func order(of weights: [UInt32]) -> [UInt32]? {
        var classes: [UInt32: WeightClass] = [:]
        var total: UInt64 = 0
        var divisor: UInt64 = 0
        for (index, weight) in weights.enumerated() where weight > 0 {
            classes[weight, default: WeightClass(weight: Int64(weight))].members.append(
                UInt32(truncatingIfNeeded: index))
            total += UInt64(weight)
            divisor = greatestCommonDivisor(divisor, UInt64(weight))
        }
        guard divisor > 0 else { return [] }
        let length = Int(total / divisor)
        guard length <= max(maximumLength, weights.count), length * classes.count <= max(maximumWork, length) else {
            return nil
        }

        var records = classes.values.sorted { $0.weight > $1.weight }
        var order: [UInt32] = []
        order.reserveCapacity(length)
        for _ in 0..<length {
            var best = 0
            for index in records.indices {
                records[index].score += records[index].weight
                let ahead = records[index].score - records[best].score
                if ahead > 0 || (ahead == 0 && head(of: records[index]) < head(of: records[best])) { best = index }
            }
            order.append(head(of: records[best]))
            records[best].next += 1
            if records[best].next == records[best].members.count {
                records[best].next = 0
                records[best].score -= Int64(total)
            }
        }
        return order
    }

    private static func head(of record: WeightClass) -> UInt32 { record.members[record.next] }

    private static func greatestCommonDivisor(_ a: UInt64, _ b: UInt64) -> UInt64 {
        var (a, b) = (a, b)
        while b > 0 { (a, b) = (b, a % b) }
        return a
    }
}
