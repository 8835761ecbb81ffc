/// How many slots each backend is to have.
enum MaglevShares {
    /// The slots of backends with `weights`: their exact shares, rounded down or up.
    ///
    /// Those that would have no slot are rounded up first; then those that hold more than their share rounded down, so that
    /// nothing moves for the sake of rounding; then those with the largest remainders (Hamilton's method).
    ///
    /// - Parameters:
    ///   - weights: at least one that is not 0.
    ///   - size: the number of slots.
    ///   - held: how many slots each has so far; nothing if the table is new.
    static func slots(of weights: [Int], size: Int, held: [Int] = []) -> [Int] {
        let total = weights.reduce(0, +)
        var shares = weights.map { $0 * size / total }
        let left = size - shares.reduce(0, +)
        guard left > 0 else { return shares }
        let claims = weights.indices.map { index in
            Claim(
                remainder: weights[index] * size % total, hasNone: shares[index] == 0,
                holds: !held.isEmpty && held[index] > shares[index])
        }
        for index in weights.indices.sorted(by: { claims[$0].precedes(claims[$1]) }).prefix(left) { shares[index] += 1 }
        return shares
    }

    /// A backend's claim to be rounded up.
    private struct Claim {
        let remainder: Int
        let hasNone: Bool
        let holds: Bool

        func precedes(_ other: Claim) -> Bool {
            guard hasNone == other.hasNone else { return hasNone }
            guard holds == other.holds else { return holds }
            return remainder > other.remainder
        }
    }
}
