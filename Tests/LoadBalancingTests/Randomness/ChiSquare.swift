@testable import LoadBalancing

/// Pearson's χ² test: whether counts agree with the shares they should follow.
struct ChiSquare: CustomStringConvertible {
    let counts: [Int]
    let shares: [Double]
    let statistic: Double
    let degreesOfFreedom: Int

    /// Compares `counts` with shares that are proportional to `shares`; a share of 0 must not be met at all.
    ///
    /// Shares whose expected counts are below 5 are taken together, since the statistic is not χ² distributed for them.
    init(of counts: [Int], shares: [Double]) {
        precondition(counts.count == shares.count, "one share for each count")
        self.counts = counts
        self.shares = shares
        let total = Double(counts.reduce(0, +))
        let whole = shares.reduce(0, +)
        var statistic = 0.0
        var cells = 0
        var rare = (count: 0.0, expected: 0.0)
        for (count, share) in zip(counts, shares) {
            let expected = total * share / whole
            if share == 0 {
                if count > 0 { statistic = .infinity }
            } else if expected < 5 {
                rare.count += Double(count)
                rare.expected += expected
            } else {
                statistic += (Double(count) - expected) * (Double(count) - expected) / expected
                cells += 1
            }
        }
        if rare.expected > 0 {
            let difference = rare.count - rare.expected
            statistic += difference * difference / max(rare.expected, 1)
            cells += 1
        }
        self.statistic = statistic
        degreesOfFreedom = max(cells - 1, 1)
    }

    /// What chance exceeds with a probability of 3 · 10⁻⁵: four standard deviations in the approximation of Wilson and
    /// Hilferty, *The Distribution of Chi-Square*, 1931.
    var criticalValue: Double {
        let degrees = Double(degreesOfFreedom)
        let root = 1 - 2 / (9 * degrees) + 4 * (2 / (9 * degrees)).squareRoot()
        return degrees * root * root * root
    }

    var isPassed: Bool { statistic <= criticalValue }

    var description: String {
        "χ² = \(statistic) > \(criticalValue), \(degreesOfFreedom) degrees of freedom, \(counts) against \(shares)"
    }
}

extension SeededGenerator {
    /// A whole number in a range.
    mutating func number(in range: ClosedRange<Int>) -> Int { Int.random(in: range, using: &self) }

    /// As many whole numbers in a range as asked for.
    mutating func numbers(_ count: Int, in range: ClosedRange<Int>) -> [Int] {
        (0..<count).map { _ in number(in: range) }
    }
}
