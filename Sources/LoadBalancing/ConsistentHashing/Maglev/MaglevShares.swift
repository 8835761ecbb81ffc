/// How many slots each backend owns.
enum MaglevShares {
    /// The slots of each backend of the line, in its order: the exact share rounded down or up.
    ///
    /// The largest remainders are rounded up (Hamilton's method), but first of all those of backends that would have no slot.
    static func slots(of members: MaglevMembers, size: Int) -> [Int] {
        let weights = members.line.map { members.backends[$0].weight }
        let total = weights.reduce(0, +)
        var shares = weights.map { $0 * size / total }
        let left = size - shares.reduce(0, +)
        guard left > 0 else { return shares }
        let remainders = weights.map { $0 * size % total }
        let order = weights.indices.sorted { one, other in
            if (shares[one] == 0) != (shares[other] == 0) { return shares[one] == 0 }
            return remainders[one] == remainders[other] ? one < other : remainders[one] > remainders[other]
        }
        for position in order.prefix(left) { shares[position] += 1 }
        return shares
    }
}
