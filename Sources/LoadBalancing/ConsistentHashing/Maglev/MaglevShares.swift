/// How many slots each backend is to have.
enum MaglevShares {
    /// The slots of backends with `weights`: their exact shares, rounded down or up.
    ///
    /// Those that would have no slot are rounded up first. Then those that hold more than their share rounded down, and those
    /// that would if they got what they inherit, so that nothing moves for the sake of rounding. Then those with the largest
    /// remainders (Hamilton's method).
    ///
    /// - Parameters:
    ///   - weights: at least one, none of them 0.
    ///   - size: the number of slots.
    ///   - held: how many slots each has so far.
    ///   - inherited: how many slots that somebody lost have each as their second choice.
    /// - Returns: how many slots each gets.
    static func slots(of weights: [Int], size: Int, held: [Int], inherited: [Int]) -> [Int] {
        let total = weights.reduce(0, +)
        var shares = weights.map { $0 * size / total }
        let claims = weights.indices.map { index in
            let share = shares[index]
            let rank = share == 0 ? 3 : held[index] > share ? 2 : held[index] + inherited[index] > share ? 1 : 0
            return (rank: rank, remainder: weights[index] * size % total)
        }
        let order = weights.indices.sorted { one, other in claims[one] > claims[other] }
        for index in order.prefix(size - shares.reduce(0, +)) { shares[index] += 1 }
        return shares
    }

    /// The slots of backends with `weights` in a new table.
    static func slots(of weights: [Int], size: Int) -> [Int] {
        let none = weights.map { _ in 0 }
        return slots(of: weights, size: size, held: none, inherited: none)
    }
}
