/// Where the keys of each owner end, in order, and an index over the top bits of places.
///
/// A word holds the top 40 bits of an end over the 24 bits of its owner; the keys up to and at an end belong to it. A lookup
/// reads one number of the index and four words, of which a bucket has one or two on average; it counts those that are
/// less without a branch, since nobody could foretell it. Closing words lead back to the first.
///
/// - Complexity: expected O(1) a lookup; 10 to 12 bytes an end, 4 more where places have more than 40 bits.
@frozen
@usableFromInline
struct RingTable: Sendable {
    @usableFromInline let words: FixedTable<UInt64>
    /// Where in `words` each bucket begins.
    @usableFromInline let starts: FixedTable<UInt32>
    /// The low 24 bits of each end; empty where they are 0.
    @usableFromInline let tails: FixedTable<UInt32>
    /// Ends, not counting the closing words.
    @usableFromInline let count: Int
    /// From a place to its bucket.
    @usableFromInline let bucketShift: UInt64

    @inlinable static var ownerMask: UInt64 { 0xFF_FFFF }
    static var maximumOwnerCount: Int { 1 << 24 }

    /// From places to half as many buckets as there are ends, or up to as many.
    static func bucketShift(count: Int) -> UInt64 {
        UInt64(64 - max(1, Int.bitWidth - 1 - max(count, 1).leadingZeroBitCount))
    }

    /// - Parameter ends: sorted, no two on the same place, fewer than 2³².
    init(_ ends: consuming RingPoints) {
        count = ends.count
        let bucketShift = Self.bucketShift(count: count)
        self.bucketShift = bucketShift
        starts = FixedTable(Self.starts(in: ends.words.span, shift: bucketShift))
        ends.close()
        words = FixedTable(ends.words)
        tails = FixedTable(ends.tails)
    }

    /// Where in sorted words each bucket begins.
    private static func starts(in words: Span<UInt64>, shift: UInt64) -> [UInt32] {
        var starts = [UInt32](repeating: .max, count: 1 << (64 - Int(shift)))
        var span = starts.mutableSpan
        // From the end, so that the first word of a bucket has the last say: how many a bucket has cannot be predicted.
        var index = words.count
        while index > 0 {
            index &-= 1
            span[Int(truncatingIfNeeded: words[index] &>> shift)] = UInt32(truncatingIfNeeded: index)
        }
        // Empty ones begin where the next does.
        var next = UInt32(truncatingIfNeeded: words.count)
        var bucket = span.count
        while bucket > 0 {
            bucket &-= 1
            next = min(next, span[bucket])
            span[bucket] = next
        }
        return starts
    }

    /// The index of the first end at or after `place`, or of a closing word.
    @inlinable
    @inline(__always)
    func index(of place: UInt64) -> Int {
        let least = place & ~Self.ownerMask
        let start = starts[Int(truncatingIfNeeded: place &>> bucketShift)]
        let next = words.four(at: start)
        var index = Int(start)
        index &+= (next.0 < least ? 1 : 0) &+ (next.1 < least ? 1 : 0) &+ (next.2 < least ? 1 : 0)
        if next.3 < least { index = farther(index, least) }
        if tails.count > 0, words[index] ^ least <= Self.ownerMask { return settled(index, place) }
        return index
    }

    /// Goes on where a bucket has more than three ends before the place.
    @usableFromInline
    func farther(_ index: Int, _ least: UInt64) -> Int {
        var index = index
        while words[index] < least { index += 1 }
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

    /// Whose keys end at `index`, which may be a closing word's.
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
