/// How the slots of a table are claimed: in its turn each player takes the first free slot of its own permutation of them.
struct MaglevFilling {
    /// Someone who takes turns.
    struct Player {
        /// The index of its backend.
        let backend: UInt32
        /// The slot it wants most, from 0 to the number of slots − 1.
        var place: Int
        /// From each slot to the one it wants next, modulo the number of slots: from 1 to that number − 1.
        let skip: Int

        init(backend: Int, offset: UInt64, skip: UInt64) {
            self.backend = UInt32(truncatingIfNeeded: backend)
            self.place = Int(truncatingIfNeeded: offset)
            self.skip = Int(truncatingIfNeeded: skip)
        }
    }

    /// The owner of each slot, as the index of its backend.
    private(set) var owners: [UInt32]
    /// 1 for each slot that is claimed, else 0: all that the walk to a free one reads.
    private var claimed: [UInt8]
    private var players: [Player]

    /// Fills a table.
    ///
    /// - Parameters:
    ///   - size: the number of slots: prime, so that every permutation visits all of them.
    ///   - players: those who take turns; at least one.
    ///   - turns: who claims when.
    init(size: Int, players: [Player], turns: consuming some MaglevTurns) {
        owners = Array(repeating: 0, count: size)
        claimed = Array(repeating: 0, count: size)
        self.players = players
        // Walking to a free slot takes 1 / φ steps where a part φ of the slots is free: the last few take most of the time.
        var left = size - Int(Double(size).squareRoot() / 2)
        var some: [UInt32] = []
        while left > 0 {
            some.removeAll(keepingCapacity: true)
            while some.count < min(left, 1_024) { turns.appendRound(to: &some) }
            let count = min(left, some.count)
            Self.walk(some.span.extracting(first: count), &owners, &claimed, &self.players)
            left -= count
            some.removeFirst(count)
        }
        deal(turns, following: some)
    }

    private static func walk(
        _ turns: Span<UInt32>, _ owners: inout [UInt32], _ claimed: inout [UInt8], _ players: inout [Player]
    ) {
        var owners = owners.mutableSpan
        var claimed = claimed.mutableSpan
        var players = players.mutableSpan
        let size = owners.count
        for turn in turns.indices {
            let player = Int(truncatingIfNeeded: turns[turn])
            let skip = players[player].skip
            let twice = Self.place(skip, ahead: skip, of: size)
            let fourTimes = Self.place(twice, ahead: twice, of: size)
            var place = players[player].place
            var taken: UInt8
            // Where a walk ends cannot be predicted: it looks at four places at once, and goes on where all are taken.
            repeat {
                let second = Self.place(place, ahead: skip, of: size)
                let third = Self.place(place, ahead: twice, of: size)
                let fourth = Self.place(second, ahead: twice, of: size)
                taken = claimed[place] | claimed[second] &<< 1 | claimed[third] &<< 2 | claimed[fourth] &<< 3
                if taken == 0xF { place = Self.place(place, ahead: fourTimes, of: size) }
            } while taken == 0xF
            // The first that is free, without a branch: none, one, two or three steps ahead.
            let steps = (~taken).trailingZeroBitCount
            place = Self.place(place, ahead: skip & (0 &- (steps & 1)), of: size)
            place = Self.place(place, ahead: twice & (0 &- (steps &>> 1)), of: size)
            claimed[place] = 1
            owners[place] = players[player].backend
            players[player].place = Self.place(place, ahead: skip, of: size)
        }
    }

    /// The place so many slots ahead of another, less than a round.
    @inline(__always)
    private static func place(_ place: Int, ahead steps: Int, of size: Int) -> Int {
        // Whether a step wraps is a coin toss, and a branch would be mispredicted every other time: the difference that wraps
        // below 0 is, without a sign, the larger number.
        let ahead = UInt(bitPattern: place &+ steps)
        return Int(bitPattern: min(ahead, ahead &- UInt(bitPattern: size)))
    }

    /// Gives away the last slots, asking each of them how many steps ahead of the player it lies.
    private mutating func deal(_ turns: consuming some MaglevTurns, following some: [UInt32]) {
        var turn = 0
        var some = some
        var free = owners.indices.filter { claimed[$0] == 0 }
        while !free.isEmpty {
            while turn == some.count { turns.appendRound(to: &some) }
            let player = players[Int(some[turn])]
            turn += 1
            let nearest = Self.nearest(
                to: player.place, of: free.span, perStep: Self.share(ofStep: player.skip, in: owners.count))
            owners[free[nearest]] = player.backend
            free[nearest] = free[free.count - 1]
            free.removeLast()
        }
    }

    /// The position of the place that is the fewest steps ahead of `place`.
    private static func nearest(to place: Int, of free: Span<Int>, perStep: UInt64) -> Int {
        var nearest = 0
        var fewest = UInt64.max
        for position in free.indices {
            let steps = UInt64(bitPattern: Int64(free[position] &- place)) &* perStep
            if steps < fewest {
                fewest = steps
                nearest = position
            }
        }
        return nearest
    }

    /// What to multiply a distance by to see how many steps of `skip` it takes.
    ///
    /// k steps lead to k · skip, so a distance d takes d / skip steps modulo the size, and d · (1 / skip) / size has k / size as its
    /// fraction. That is computed in units of 2⁻⁶⁴, in which all but the fraction overflows; being up to `size` units off matters
    /// not, since two numbers of steps lie 2⁶⁴ / size units apart and sizes stay below 2²⁷.
    private static func share(ofStep skip: Int, in size: Int) -> UInt64 {
        let inverse = UInt64(truncatingIfNeeded: inverse(of: skip, modulo: size))
        let size = UInt64(truncatingIfNeeded: size)
        return size.dividingFullWidth((inverse, 0)).quotient &+ 1
    }

    /// The number that gives 1 when multiplied by `number`, modulo a prime number (Euclid's algorithm, extended).
    static func inverse(of number: Int, modulo prime: Int) -> Int {
        var (older, newer) = (prime, number)
        var (olderFactor, newerFactor) = (0, 1)
        while newer != 0 {
            let quotient = older / newer
            (older, newer) = (newer, older - quotient * newer)
            (olderFactor, newerFactor) = (newerFactor, olderFactor - quotient * newerFactor)
        }
        return olderFactor < 0 ? olderFactor + prime : olderFactor
    }
}
