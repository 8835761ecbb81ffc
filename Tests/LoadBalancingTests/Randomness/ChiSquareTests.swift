import Testing

/// The judge is judged first.
@Suite struct ChiSquareTests {
    /// From SciPy 1.17.1's `chi2.isf(3.17e-5, df)`; the approximation is some percent too strict for few degrees.
    @Test(arguments: [
        (degrees: 1, value: 17.3),
        (degrees: 3, value: 23.5),
        (degrees: 10, value: 38.4),
        (degrees: 100, value: 166.8),
    ])
    func criticalValuesAreThoseOfTheDistribution(degrees: Int, value: Double) {
        let test = ChiSquare(
            of: Array(repeating: 100, count: degrees + 1), shares: Array(repeating: 1, count: degrees + 1))
        #expect(test.degreesOfFreedom == degrees)
        #expect(abs(test.criticalValue - value) < 0.1 * value)
    }

    @Test(arguments: [
        (counts: [500, 500], shares: [1.0, 1.0], passes: true),
        (counts: [540, 460], shares: [1.0, 1.0], passes: true),
        (counts: [600, 400], shares: [1.0, 1.0], passes: false),
        (counts: [600, 400], shares: [3.0, 2.0], passes: true),
        (counts: [999, 1], shares: [1.0, 0.0], passes: false),
        (counts: [1000, 0], shares: [1.0, 0.0], passes: true),
        (counts: [1000, 0, 0], shares: [1000.0, 3.0, 3.0], passes: true),
        (counts: [960, 20, 20], shares: [1000.0, 3.0, 3.0], passes: false),
    ])
    func judges(counts: [Int], shares: [Double], passes: Bool) {
        let test = ChiSquare(of: counts, shares: shares)
        #expect(test.isPassed == passes, "\(test)")
    }
}
