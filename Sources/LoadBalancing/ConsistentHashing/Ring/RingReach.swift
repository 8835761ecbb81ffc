/// Where keys end when they go by distance and weight.
///
/// Seen from a key, a point is as far as its distance divided by its owner's weight, and the nearest owns the key. Going
/// down the circle from a point, its own distance grows from 0 in proportion to 1 ÷ weight, so it wins until a heavier
/// one further up overtakes it, or the next point begins.
enum RingReach {
    /// The bits of a place.
    private static let bitWidth = 40
    /// From a place to a number of that many bits.
    static let shift = UInt64(64 - bitWidth)
    /// One lap of the circle.
    private static let lap: UInt64 = 1 << UInt64(bitWidth)

    /// A point that may still win further down.
    private struct Rival {
        /// Its place, in the second lap one lap higher.
        let place: UInt64
        let weight: UInt64
        let owner: UInt32
        /// The highest place at which the rival below it on the stack wins; 0 if that is beyond the circle.
        var overtaken: UInt64
    }

    /// The ends of the keys of sorted points, no two on the same place.
    static func ends(of points: RingPoints, weights: FixedTable<UInt32>) -> RingPoints {
        // Heavier ones lie deeper; the top wins at the moment. The first lap only fills the stack.
        var stack: [Rival] = []
        var ends = RingPoints(count: 2 * points.count, bitWidth: bitWidth)
        var last: UInt32?

        func emit(_ place: UInt64, _ owner: UInt32) {
            guard place < lap, owner != last else { return }
            last = owner
            ends.append(place &<< shift, owner)
        }

        /// Lets those on top be overtaken that are before `floor` comes.
        func settle(downTo floor: UInt64) {
            while let top = stack.last, top.overtaken > floor {
                stack.removeLast()
                if let next = stack.last { emit(top.overtaken, next.owner) }
            }
        }
        for base in [lap, 0] {
            for index in (0..<points.count).reversed() {
                let place = base + points.place(index) &>> shift
                settle(downTo: place)
                // What the second lap begins with.
                if base == 0, ends.count == 0, let top = stack.last { emit(lap - 1, top.owner) }
                let owner = points.owner(index)
                push(place, weight: UInt64(weights[Int(owner)]), owner, on: &stack)
                emit(place, owner)
            }
        }
        settle(downTo: 0)
        ends.reverse()
        return ends
    }

    /// Puts a point on the stack that wins from its place down, and takes off those that never will again.
    private static func push(_ place: UInt64, weight: UInt64, _ owner: UInt32, on stack: inout [Rival]) {
        while let top = stack.last, top.weight <= weight { stack.removeLast() }
        var overtaken: UInt64 = 0
        while let top = stack.last {
            overtaken = crossing(of: place, weight, by: top)
            guard top.overtaken >= overtaken, top.overtaken > 0 else { break }
            stack.removeLast()
        }
        stack.append(Rival(place: place, weight: weight, owner: owner, overtaken: overtaken))
    }

    /// The highest place at which a heavier rival is as near as a point at `place`; 0 if there is none above 0.
    private static func crossing(of place: UInt64, _ weight: UInt64, by rival: Rival) -> UInt64 {
        // From place - x over weight = rival.place - x over rival.weight: place - x = gap · weight ÷ difference.
        let gap = (rival.place - place).multipliedFullWidth(by: weight)
        let difference = rival.weight - weight
        guard gap.high < difference else { return 0 }
        let (quotient, remainder) = difference.dividingFullWidth(gap)
        let distance = quotient + (remainder > 0 ? 1 : 0)
        return distance < place ? place - distance : 0
    }
}
