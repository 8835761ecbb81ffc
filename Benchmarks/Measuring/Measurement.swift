/// The median of several runs, and how far they lie apart.
struct Measurement: Codable, Sendable {
    /// Nanoseconds a step.
    let median: Double
    /// Half of the interquartile range, in percent of the median.
    let spreadPercent: Double
    /// All runs, from the fastest to the slowest.
    let runs: [Double]

    init(runs: [Double]) {
        let sorted = runs.sorted()
        self.runs = sorted
        median = Self.quantile(0.5, of: sorted)
        spreadPercent =
            median > 0 ? (Self.quantile(0.75, of: sorted) - Self.quantile(0.25, of: sorted)) / 2 / median * 100 : 0
    }

    private static func quantile(_ part: Double, of sorted: [Double]) -> Double {
        guard let last = sorted.last else { return 0 }
        let place = part * Double(sorted.count - 1)
        let index = Int(place)
        guard index + 1 < sorted.count else { return last }
        return sorted[index] + (place - Double(index)) * (sorted[index + 1] - sorted[index])
    }
}
