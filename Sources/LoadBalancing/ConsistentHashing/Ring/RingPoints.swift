/// Points on their way to a table: placed backend by backend, then sorted.
///
/// A word holds the top 40 bits of a place over the 24 bits of its owner. Where places have more bits, a tail holds the low 24.
struct RingPoints {
    private(set) var words: [UInt64] = []
    private(set) var tails: [UInt32] = []
    let hasTails: Bool

    /// - Parameters:
    ///   - count: how many points there will be.
    ///   - bitWidth: the bits of a place, up to 64.
    init(count: Int, bitWidth: Int) {
        hasTails = bitWidth > 40
        words.reserveCapacity(count)
        if hasTails { tails.reserveCapacity(count) }
    }

    @inline(__always)
    mutating func append(_ place: UInt64, _ owner: UInt64) {
        words.append(place & ~RingTable.ownerMask | owner)
        if hasTails { tails.append(UInt32(truncatingIfNeeded: place & RingTable.ownerMask)) }
    }

    /// Puts the last first.
    mutating func reverse() {
        words.reverse()
        tails.reverse()
    }

    /// The place of the point at `index`.
    func place(_ index: Int) -> UInt64 {
        words[index] & ~RingTable.ownerMask | (hasTails ? UInt64(tails[index]) : 0)
    }

    /// Puts the points in the order of their places; those of the same place stay in the order they came.
    mutating func sort() {
        let order = words.indices.sorted { place($0) < place($1) }
        words = order.map { words[$0] }
        if hasTails { tails = order.map { tails[$0] } }
    }

    /// Of sorted points on the same place leaves the first or the last.
    mutating func dropCollisions(keeping collision: RingDialect.Collision) {
        guard words.indices.dropFirst().contains(where: { place($0) == place($0 - 1) }) else { return }
        let kept = words.indices.filter { index in
            switch collision {
            case .first: index == 0 || place(index) != place(index - 1)
            case .last: index == words.count - 1 || place(index) != place(index + 1)
            }
        }
        words = kept.map { words[$0] }
        if hasTails { tails = kept.map { tails[$0] } }
    }

    /// Moves sorted points of 32 bits so that the keys of each lie at or before it, as the table wants them.
    mutating func move(to side: RingDialect.Side) {
        let count = words.count
        switch side {
        case .next: return
        case .strictlyNext:
            // The first point after a key is the first that, less one, is at or after it.
            let unit: UInt64 = hasTails ? 1 : 1 &<< 32
            for index in 0..<count { set(index, place(index) &- unit) }
        case .nearest:
            // A point owns what lies up to half the way to the next one; that half way itself.
            let places = (0..<count).map { UInt32(truncatingIfNeeded: place($0) &>> 32) }
            for index in 0..<count {
                let gap = places[index + 1 < count ? index + 1 : 0] &- places[index]
                set(index, UInt64(places[index] &+ gap / 2) &<< 32)
            }
        }
        // Only those at an end can have gone round.
        sort()
    }

    private mutating func set(_ index: Int, _ place: UInt64) {
        words[index] = place & ~RingTable.ownerMask | words[index] & RingTable.ownerMask
        if hasTails { tails[index] = UInt32(truncatingIfNeeded: place & RingTable.ownerMask) }
    }
}
