/// Points on their way to a table: placed backend by backend, then sorted.
///
/// A word holds the top 40 bits of a place over the 24 bits of its owner. Where places have more bits, a tail holds the low 24.
struct RingPoints {
    var words: [UInt64] = []
    var tails: [UInt32] = []
    /// The bits of a place: 32, up to 40, or 64.
    let bitWidth: Int
    let hasTails: Bool

    /// - Parameters:
    ///   - count: how many points there will be.
    ///   - bitWidth: the bits of a place.
    init(count: Int, bitWidth: Int) {
        self.bitWidth = bitWidth
        hasTails = bitWidth > 40
        words.reserveCapacity(count + Self.closingCount)
        if hasTails { tails.reserveCapacity(count + Self.closingCount) }
    }

    var count: Int { words.count }

    @inline(__always)
    mutating func append(_ place: UInt64, _ owner: UInt32) {
        words.append(place & ~RingTable.ownerMask | UInt64(owner))
        if hasTails { tails.append(UInt32(truncatingIfNeeded: place & RingTable.ownerMask)) }
    }

    /// The place of the point at `index`, from the top bit down.
    @inline(__always)
    func place(_ index: Int) -> UInt64 {
        words[index] & ~RingTable.ownerMask | (hasTails ? UInt64(tails[index]) : 0)
    }

    /// The position of the backend whose point is at `index`.
    @inline(__always)
    func owner(_ index: Int) -> UInt32 {
        UInt32(truncatingIfNeeded: words[index] & RingTable.ownerMask)
    }

    /// How many words behind the last point a lookup may read.
    private static let closingCount = 4

    /// Leads from the last point back to the first, by as many words as a lookup reads.
    mutating func close() {
        let closing = ~RingTable.ownerMask | (words.first ?? 0) & RingTable.ownerMask
        words.append(contentsOf: repeatElement(closing, count: Self.closingCount))
        if hasTails {
            tails.append(contentsOf: repeatElement(UInt32(RingTable.ownerMask), count: Self.closingCount))
        }
    }

    /// Puts the last first.
    mutating func reverse() {
        words.reverse()
        tails.reverse()
    }

    /// Moves sorted points so that the keys of each lie at or before it.
    mutating func move(to side: RingDialect.Side) {
        let places: [UInt64]
        switch side {
        case .next: return
        case .strictlyNext:
            // The first point after a key is the first that, less one, is at or after it.
            let unit: UInt64 = 1 &<< UInt64(64 - bitWidth)
            places = (0..<count).map { place($0) &- unit }
        case .nearest:
            // A point owns what lies up to half the way to the next one, and that half way itself; 32 bits.
            places = (0..<count).map { index in
                let gap = place(index + 1 < count ? index + 1 : 0) &- place(index)
                return (place(index) &+ gap &>> 1) & (~0 &<< 32)
            }
        }
        for index in 0..<count {
            words[index] = places[index] & ~RingTable.ownerMask | words[index] & RingTable.ownerMask
            if hasTails { tails[index] = UInt32(truncatingIfNeeded: places[index] & RingTable.ownerMask) }
        }
        // Only those at an end can have gone round.
        sort()
    }
}

extension RingPoints {
    /// Which of `backendCount` backends own a point.
    func owners(among backendCount: Int) -> [Bool] {
        var owns = [Bool](repeating: false, count: backendCount)
        let words = words.span
        var marks = owns.mutableSpan
        for index in words.indices { marks[Int(truncatingIfNeeded: words[index] & RingTable.ownerMask)] = true }
        return owns
    }

    /// Whether two sorted points are on the same place.
    var haveCollisions: Bool {
        let words = words.span
        for index in words.indices.dropFirst() where words[index] ^ words[index &- 1] <= RingTable.ownerMask {
            if !hasTails || tails[index] == tails[index &- 1] { return true }
        }
        return false
    }

    /// Of sorted points on the same place leaves the first or the last.
    mutating func dropCollisions(keeping collision: RingDialect.Collision) {
        var kept = 0
        for index in 0..<count {
            let isNew = kept == 0 || place(index) != place(kept &- 1)
            guard isNew || collision == .last else { continue }
            if isNew { kept &+= 1 }
            words[kept &- 1] = words[index]
            if hasTails { tails[kept &- 1] = tails[index] }
        }
        words.removeLast(words.count - kept)
        if hasTails { tails.removeLast(tails.count - kept) }
    }
}
