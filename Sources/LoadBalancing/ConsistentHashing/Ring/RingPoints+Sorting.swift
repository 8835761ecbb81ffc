extension RingPoints {
    /// Puts the points in the order of their places; those of the same place stay in the order they came.
    ///
    /// Places are hashes, so their top bits, some more of them than it takes to number the points, tell nearly all apart: two
    /// passes deal the points by these, and the few left out of order are put right one by one.
    ///
    /// - Complexity: expected O(n), O(n log n) at worst.
    mutating func sort() {
        guard count > 1 else { return }
        let width = UInt64(max(4, (Int.bitWidth - count.leadingZeroBitCount) / 2 + 1))
        var others = RingPoints(count: count, bitWidth: bitWidth)
        others.words.append(contentsOf: repeatElement(0, count: count))
        if hasTails { others.tails.append(contentsOf: repeatElement(0, count: count)) }
        for shift in [64 - 2 * width, 64 - width] {
            Self.deal(words.span, tails.span, by: shift, width: width, to: &others.words, &others.tails)
            swap(&self, &others)
        }
        if !settle(within: 16 * count) { sortCrowds() }
    }

    /// Puts words and tails into other places, by the `width` bits of the words from `shift` on; those alike in these stay in order.
    private static func deal(
        _ words: Span<UInt64>, _ tails: Span<UInt32>, by shift: UInt64, width: UInt64, to dealt: inout [UInt64],
        _ dealtTails: inout [UInt32]
    ) {
        let mask: UInt64 = 1 &<< width &- 1
        var starts = [Int](repeating: 0, count: 1 << Int(width))
        var next = starts.mutableSpan
        for index in words.indices { next[Int(truncatingIfNeeded: words[index] &>> shift & mask)] &+= 1 }
        var sum = 0
        for digit in next.indices { (next[digit], sum) = (sum, sum &+ next[digit]) }
        var dealt = dealt.mutableSpan
        var dealtTails = dealtTails.mutableSpan
        for index in words.indices {
            let digit = Int(truncatingIfNeeded: words[index] &>> shift & mask)
            let position = next[digit]
            next[digit] = position &+ 1
            dealt[position] = words[index]
            if tails.count > 0 { dealtTails[position] = tails[index] }
        }
    }

    /// Moves each point before those that it should precede; gives up after so many steps.
    private mutating func settle(within limit: Int) -> Bool {
        var steps = 0
        if hasTails { return settleWithTails(within: limit) }
        var words = words.mutableSpan
        for index in 1..<words.count {
            let word = words[index]
            // Above all words of its own place.
            let last = word | RingTable.ownerMask
            guard last < words[index &- 1] else { continue }
            var hole = index
            while hole > 0, last < words[hole &- 1] {
                words[hole] = words[hole &- 1]
                hole &-= 1
            }
            words[hole] = word
            steps &+= index &- hole
            if steps > limit { return false }
        }
        return true
    }

    private mutating func settleWithTails(within limit: Int) -> Bool {
        var steps = 0
        for index in 1..<count {
            let own = place(index)
            guard own < place(index &- 1) else { continue }
            let (word, tail) = (words[index], tails[index])
            var hole = index
            while hole > 0, own < place(hole &- 1) {
                words[hole] = words[hole &- 1]
                tails[hole] = tails[hole &- 1]
                hole &-= 1
            }
            words[hole] = word
            tails[hole] = tail
            steps &+= index &- hole
            if steps > limit { return false }
        }
        return true
    }

    /// Sorts points of which many lie close together, which takes a text hash that spreads badly.
    private mutating func sortCrowds() {
        let order = words.indices.sorted { (place($0), $0) < (place($1), $1) }
        words = order.map { words[$0] }
        if hasTails { tails = order.map { tails[$0] } }
    }
}
