/// Points on their way to a table: placed backend by backend, then sorted.
///
/// A word holds the top 40 bits of a place over the 24 bits of its owner. Where places have more bits, a tail holds the low 24.
struct RingPoints {
    private(set) var words: [UInt64] = []
    private(set) var tails: [UInt32] = []
    /// The bits of a place: 32, up to 40, or 64.
    let bitWidth: Int
    private let hasTails: Bool

    /// - Parameters:
    ///   - count: how many points there will be.
    ///   - bitWidth: the bits of a place.
    init(count: Int, bitWidth: Int) {
        self.bitWidth = bitWidth
        hasTails = bitWidth > 40
        words.reserveCapacity(count)
        if hasTails { tails.reserveCapacity(count) }
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

    /// Leads from the last point back to the first, by as many words as a lookup reads.
    mutating func close() {
        let closing = ~RingTable.ownerMask | (words.first ?? 0) & RingTable.ownerMask
        words.append(contentsOf: repeatElement(closing, count: 4))
        if hasTails { tails.append(contentsOf: repeatElement(UInt32(RingTable.ownerMask), count: 4)) }
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
    /// Whether two sorted points are on the same place.
    var haveCollisions: Bool {
        (0..<count).dropFirst().contains { place($0) == place($0 &- 1) }
    }

    /// Of sorted points on the same place leaves the first or the last.
    mutating func dropCollisions(keeping collision: RingDialect.Collision) {
        let kept = (0..<count).filter { index in
            switch collision {
            case .first: index == 0 || place(index) != place(index - 1)
            case .last: index == count - 1 || place(index) != place(index + 1)
            }
        }
        words = kept.map { words[$0] }
        if hasTails { tails = kept.map { tails[$0] } }
    }

    /// Puts the points in the order of their places; those of the same place stay in the order they came.
    ///
    /// Places are hashes, so they are dealt by their top bits to half as many buckets as there are points, or more, and then
    /// each bucket's few are put in order.
    ///
    /// - Complexity: expected O(n), O(n log n) at worst.
    mutating func sort() {
        let shift = RingTable.bucketShift(count: count)
        var starts = [UInt32](repeating: 0, count: 1 << (64 - Int(shift)) + 1)
        for word in words { starts[Int(truncatingIfNeeded: word &>> shift) &+ 1] &+= 1 }
        for bucket in 1..<starts.count { starts[bucket] &+= starts[bucket &- 1] }
        let (unsortedWords, unsortedTails) = (words, tails)
        for index in unsortedWords.indices {
            let word = unsortedWords[index]
            let bucket = Int(truncatingIfNeeded: word &>> shift)
            let position = Int(truncatingIfNeeded: starts[bucket])
            starts[bucket] &+= 1
            words[position] = word
            if hasTails { tails[position] = unsortedTails[index] }
        }
        // Each bucket's start has moved on to its end.
        var start = 0
        for end in starts.dropLast() {
            sort(start..<Int(truncatingIfNeeded: end))
            start = Int(truncatingIfNeeded: end)
        }
    }

    /// Sorts one bucket.
    @inline(__always)
    private mutating func sort(_ range: Range<Int>) {
        if range.count > 1 { sort(between: range.lowerBound, range.upperBound) }
    }

    private mutating func sort(between start: Int, _ end: Int) {
        guard end &- start < 64 else { return sortCrowd(start..<end) }
        var index = start &+ 1
        while index < end {
            let (word, tail, own) = (words[index], hasTails ? tails[index] : 0, place(index))
            var hole = index
            while hole > start, own < place(hole &- 1) {
                words[hole] = words[hole &- 1]
                if hasTails { tails[hole] = tails[hole &- 1] }
                hole &-= 1
            }
            words[hole] = word
            if hasTails { tails[hole] = tail }
            index &+= 1
        }
    }

    /// Sorts a bucket of many, which takes a text hash that spreads badly.
    private mutating func sortCrowd(_ range: Range<Int>) {
        let order = range.sorted { place($0) < place($1) }
        words.replaceSubrange(range, with: order.map { words[$0] })
        if hasTails { tails.replaceSubrange(range, with: order.map { tails[$0] }) }
    }
}
