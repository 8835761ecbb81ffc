/// Constructions without weights give a backend of weight w the part of w backends of weight 1.
enum WeightUnits {
    /// The largest sum of weights that they take: 2²².
    static let maximum = 1 << 22

    /// Checks names and weights, and that the weights add up to no more than there may be units.
    static func check(_ backends: [WeightedName]) throws(BackendSetError) {
        try BackendSetError.check(backends)
        try checkSum(of: backends)
    }

    /// Checks that weights, each in range, add up to no more than there may be units.
    static func checkSum(of backends: [WeightedName]) throws(BackendSetError) {
        let sum = backends.reduce(0) { $0 + $1.weight }
        guard sum > maximum else { return }
        throw BackendSetError(
            .unsuitable(
                "its weights add up to \(sum), and at most \(maximum) are possible; divide all by a common factor"))
    }
}
