/// Where the keys of each owner end, in order, and an index over the top bits.
///
/// A word holds the top 40 bits of an end over the 24 bits of its owner; the keys up to and at an end belong to it. A lookup
/// reads one number of the index and, as there is about one word a bucket, one or two words. A closing word leads
/// back to the first.
///
/// - Complexity: expected O(1) a lookup; 12 bytes an end, 16 where ends have more than 40 bits, and up to 4 more.
@frozen
@usableFromInline
struct RingTable: Sendable {
    @usableFromInline let words: FixedTable<UInt64>
    /// Where in `words` each bucket begins.
    @usableFromInline let starts: FixedTable<UInt32>
    /// The low 24 bits of each end; empty where they are 0.
    @usableFromInline let tails: FixedTable<UInt32>
    /// Words, not counting the closing one.
    @usableFromInline let count: Int
    /// From a place to its bucket.
    @usableFromInline let bucketShift: UInt64

    @inlinable static var ownerMask: UInt64 { 0xFF_FFFF }
    static var maximumOwnerCount: Int { 1 << 24 }

    /// - Parameter ends: sorted, no two on the same place, fewer than 2³².
    init(_ ends: RingPoints) {
        count = ends.words.count
        let bits = max(1, Int.bitWidth - max(count - 1, 1).leadingZeroBitCount)
        bucketShift = UInt64(64 - bits)
        var starts = [UInt32](repeating: 0, count: 1 << bits)
        var bucket = 0
        for (index, word) in ends.words.enumerated() {
            let own = Int(truncatingIfNeeded: word &>> bucketShift)
            while bucket <= own {
                starts[bucket] = UInt32(truncatingIfNeeded: index)
                bucket += 1
            }
        }
        while bucket < starts.count {
            starts[bucket] = UInt32(truncatingIfNeeded: count)
            bucket += 1
        }
        self.starts = FixedTable(starts)
        words = FixedTable(ends.words + [~Self.ownerMask | (ends.words.first ?? 0) & Self.ownerMask])
        tails = FixedTable(ends.hasTails ? ends.tails + [UInt32(Self.ownerMask)] : [])
    }

    /// The index of the first end at or after `place`, or of the closing word.
    @inlinable
    @inline(__always)
    func index(of place: UInt64) -> Int {
        let least = place & ~Self.ownerMask
        var index = Int(truncatingIfNeeded: starts[Int(truncatingIfNeeded: place &>> bucketShift)])
        while words[index] < least { index &+= 1 }
        if tails.count > 0, words[index] ^ least <= Self.ownerMask { return settled(index, place) }
        return index
    }

    /// Decides by the low bits where an end has the same top bits as the key.
    @usableFromInline
    func settled(_ index: Int, _ place: UInt64) -> Int {
        var index = index
        while index < count, words[index] ^ place & ~Self.ownerMask <= Self.ownerMask,
            UInt64(tails[index]) < place & Self.ownerMask
        { index += 1 }
        return index
    }

    /// Whose keys end at `index`, which may be the closing word's.
    @inlinable
    @inline(__always)
    func owner(at index: Int) -> Int {
        Int(truncatingIfNeeded: words[index] & Self.ownerMask)
    }

    /// The end at `index`.
    func place(at index: Int) -> UInt64 {
        words[index] & ~Self.ownerMask | (tails.count > 0 ? UInt64(tails[index]) : 0)
    }
}
