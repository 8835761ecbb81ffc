/// Second choices: who takes the keys of a slot whose owner cannot.
///
/// An owner's slots are dealt to the others in proportion to the slots these own, so that wherever one backend is lost
/// everybody else gets its part, rounded down or up. Who is rounded up differs from owner to owner, so that several losses do
/// not add up on the same backends; and every part of the table deals to everybody.
struct MaglevDeal {
    /// An owner's slots, and what is left to deal of them.
    struct Hand {
        /// How many slots the owner has.
        var count: UInt64 = 0
        /// How much of the line, without the owner, falls to a slot, in units of 2⁻³².
        var step: UInt64 = 0
        /// Where the first step begins, in the same units: somewhere in the first step behind the owner.
        var origin: UInt64 = 0
        /// Which of the `count` steps is next, and how far ahead the one after it is: golden, so that any run of slots is dealt
        /// evenly, and without a common divisor with `count`, so that each step is taken once.
        var next: UInt64 = 0
        var stride: UInt64 = 0

        /// The next place on the line, a circle of `size` places.
        @inline(__always)
        mutating func deal(size: UInt64) -> UInt64 {
            let place = (next &* step &+ origin) &>> 32
            // Whether a sum wraps is a coin toss, and a branch would be mispredicted every other time: the difference that wraps
            // below 0 is the larger number.
            let ahead = next &+ stride
            next = min(ahead, ahead &- count)
            return min(place, place &- size)
        }
    }

    /// All slots side by side, by owner, in the order of ``MaglevMembers/line``, by whose each is.
    let line: [UInt32]
    /// By the owner's index.
    private(set) var hands: [Hand]

    init(of owners: [UInt32], _ members: MaglevMembers) {
        var counts = Array(repeating: 0, count: members.backends.count)
        for owner in owners { counts[Int(owner)] += 1 }
        var hands = counts.map { _ in Hand() }
        var line: [UInt32] = []
        line.reserveCapacity(owners.count)
        for index in members.line where counts[index] > 0 {
            let count = UInt64(counts[index])
            line.append(contentsOf: repeatElement(UInt32(truncatingIfNeeded: index), count: counts[index]))
            let step = (UInt64(owners.count) - count) << 32 / count
            var random = SeededGenerator(seed: members.hashes[index])
            hands[index] = Hand(
                count: count, step: step, origin: UInt64(line.count) << 32 + random.next(below: step),
                next: random.next(below: count), stride: Self.goldenStride(of: count))
        }
        self.line = line
        self.hands = hands
    }

    /// The second choice for each slot: the owner itself where nobody else has any.
    static func seconds(of owners: [UInt32], _ members: MaglevMembers) -> [UInt32] {
        let deal = MaglevDeal(of: owners, members)
        var hands = deal.hands
        var seconds = owners
        deal.replace(&seconds, &hands)
        return seconds
    }

    /// Puts the second choice in each owner's place.
    private func replace(_ owners: inout [UInt32], _ hands: inout [Hand]) {
        let line = line.span
        let size = UInt64(line.count)
        var hands = hands.mutableSpan
        var owners = owners.mutableSpan
        for slot in owners.indices {
            let place = hands[Int(truncatingIfNeeded: owners[slot])].deal(size: size)
            owners[slot] = line[Int(truncatingIfNeeded: place)]
        }
    }

    /// The next second choice for a slot of `owner`.
    mutating func next(for owner: Int) -> Int {
        Int(line[Int(hands[owner].deal(size: UInt64(line.count)))])
    }

    /// A number of about 0.618 · `count` that has no divisor in common with it.
    private static func goldenStride(of count: UInt64) -> UInt64 {
        var stride = max(count * 618 / 1_000, 1)
        while true {
            var (larger, smaller) = (count, stride)
            while smaller != 0 { (larger, smaller) = (smaller, larger % smaller) }
            if larger == 1 { return stride }
            stride += 1
        }
    }
}
