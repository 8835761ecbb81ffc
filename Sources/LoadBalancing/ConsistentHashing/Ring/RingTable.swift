/// A place on a ring and who owns it.
@usableFromInline
struct RingPoint: BitwiseCopyable, Sendable {
    /// The place; a ring of 32 bits has its hash in the high half.
    var place: UInt64
    /// The position of the backend in its set.
    var owner: UInt32
}

/// The points of a ring in order, and an index over the top bits of the hash.
///
/// A word holds the top 40 bits of a point's place over the 24 bits of its owner, so that a lookup reads one number
/// of the index and, as there is about one point a bucket, one or two words. A closing word leads back to the first.
@frozen
@usableFromInline
struct RingTable: Sendable {
    @usableFromInline let words: FixedTable<UInt64>
    /// Where in `words` each bucket begins.
    @usableFromInline let starts: FixedTable<UInt32>
    /// The low 24 bits of each place where hashes have more than 40 bits; else empty.
    @usableFromInline let tails: FixedTable<UInt32>
    /// Points, not counting the closing word.
    @usableFromInline let count: Int
    /// From a place to its bucket.
    @usableFromInline let bucketShift: UInt64
    /// From a key's hash to a place.
    @usableFromInline let hashShift: UInt64

    @inlinable static var ownerMask: UInt64 { 0xFF_FFFF }
    static var maximumOwnerCount: Int { 1 << 24 }

    /// - Parameters:
    ///   - points: in order of their places, which differ; the owners below ``maximumOwnerCount``.
    ///   - bitWidth: of the hashes: 32 or 64.
    init(_ points: [RingPoint], bitWidth: Int) {
        count = points.count
        hashShift = UInt64(64 - bitWidth)
        let bits = max(1, Int.bitWidth - max(points.count - 1, 1).leadingZeroBitCount)
        bucketShift = UInt64(64 - bits)
        var words = points.map { $0.place & ~Self.ownerMask | UInt64($0.owner) }
        words.append(~Self.ownerMask | UInt64(points.first?.owner ?? 0))
        self.words = FixedTable(words)
        if bitWidth > 40 {
            tails = FixedTable(points.map { UInt32(truncatingIfNeeded: $0.place & Self.ownerMask) } + [0xFF_FFFF])
        } else {
            tails = FixedTable([])
        }
        var starts = [UInt32](repeating: UInt32(truncatingIfNeeded: points.count), count: 1 << bits)
        for index in points.indices.reversed() {
            starts[Int(truncatingIfNeeded: points[index].place &>> bucketShift)] = UInt32(truncatingIfNeeded: index)
        }
        for bucket in starts.indices.dropLast().reversed() where starts[bucket] > starts[bucket + 1] {
            starts[bucket] = starts[bucket + 1]
        }
        self.starts = FixedTable(starts)
    }

    /// The index of the first point at or after a key's hash, or of the closing word.
    @inlinable
    @inline(__always)
    func place(of keyHash: UInt64) -> Int {
        let place = keyHash &<< hashShift
        let least = place & ~Self.ownerMask
        var index = Int(truncatingIfNeeded: starts[Int(truncatingIfNeeded: place &>> bucketShift)])
        while words[index] < least { index &+= 1 }
        if words[index] ^ least <= Self.ownerMask, tails.count > 0 {
            return settled(index, place)
        }
        return index
    }

    /// Decides by the low bits where a point has the same top bits as the key.
    @usableFromInline
    func settled(_ index: Int, _ place: UInt64) -> Int {
        var index = index
        while words[index] ^ place <= Self.ownerMask, UInt64(tails[index]) < place & Self.ownerMask { index += 1 }
        return index
    }

    @inlinable
    @inline(__always)
    func owner(at index: Int) -> Int {
        Int(truncatingIfNeeded: words[index] & Self.ownerMask)
    }
}
