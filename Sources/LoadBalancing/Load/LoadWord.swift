/// What one word says of the leases of a backend.
///
/// The low 20 bits count references: one for the backend's membership, one for each lease. The next is set while somebody waits
/// for the last lease to end. The upper 43 bits are, as the policy needs, the number of leases ever begun, or the sum of the
/// start times, in microseconds, of the leases in flight (modulo 2⁴³), from which the sum of their ages follows in O(1). All
/// change together in one atomic addition, so no reader sees one without the other.
@frozen
@usableFromInline
struct LoadWord: Sendable {
    @usableFromInline let bits: UInt64

    @usableFromInline static let countMask: UInt64 = 1 << 20 - 1
    /// Set while somebody waits for the last lease to end.
    @inlinable static var watchMark: UInt64 { 1 << 20 }
    /// How far up the upper part lies.
    @usableFromInline static let upperShift: UInt64 = 21
    /// Leases beyond this are refused as saturation: the count must never run over into the sum.
    @usableFromInline static let maximumCount: UInt64 = 1 << 20 - 1 << 12

    @inlinable
    init(bits: UInt64) {
        self.bits = bits
    }

    @inlinable
    var references: UInt64 { bits & Self.countMask }

    /// Leases in flight of a backend that is a member.
    @inlinable
    var inFlight: UInt64 { (bits & Self.countMask) &- 1 }

    /// The upper part: leases begun, or the sum of start times.
    @inlinable
    var upper: UInt64 { bits >> Self.upperShift }

    /// Whether somebody waits for the last lease to end.
    var isWatched: Bool { bits & Self.watchMark != 0 }

    /// Whether there is more to do for a lease that found this word when it took itself off: it was the last reference, or
    /// somebody waits for the last lease to end.
    ///
    /// One comparison for both: 2 and more references without the mark are 0 and more when 2 are taken off; a single one runs
    /// over into the mark.
    @inlinable
    @inline(__always)
    var wantsMore: Bool { (bits &- 2) & (Self.watchMark | Self.countMask) >= Self.countMask &- 1 }

    /// What a start time adds to the word.
    @inlinable
    static func startTerm(_ start: Timestamp) -> UInt64 {
        (start.nanoseconds / 1_000) << upperShift
    }

    /// The ages added up, in units of 2⁻²¹ µs, of the leases in flight of a member that sums start times, `kept` of which have
    /// none.
    ///
    /// `term` is what a lease that began now would add to the word. Slightly negative where the clocks of two threads differ.
    @inlinable
    @inline(__always)
    func totalAge(at term: UInt64, kept: UInt64 = 0) -> Int64 {
        // Modulo 2⁴³ µs, with a sign.
        Int64(bitPattern: (inFlight &- kept) &* term &- bits & ~(Self.watchMark | Self.countMask))
    }
}
