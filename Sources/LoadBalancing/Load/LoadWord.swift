/// What one word says of the leases of a backend.
///
/// The low 20 bits count references: one for the backend's membership, one for each lease. The upper 44 bits are, as the
/// policy needs, the number of leases ever begun, or the sum of the start times, in microseconds, of the leases in flight
/// (modulo 2⁴⁴), from which the sum of their ages follows in O(1). Both change together in one atomic addition, so no reader
/// sees one without the other.
@frozen
@usableFromInline
struct LoadWord: Sendable {
    @usableFromInline let bits: UInt64

    @usableFromInline static let countBits: UInt64 = 20
    @usableFromInline static let countMask: UInt64 = 1 << 20 - 1
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
    var upper: UInt64 { bits >> Self.countBits }

    /// What a start time adds to the word.
    @inlinable
    static func startTerm(_ start: Timestamp) -> UInt64 {
        (start.nanoseconds / 1_000) << countBits
    }

    /// The ages added up, in units of 2⁻²⁰ µs, of the leases in flight of a member that sums start times, `kept` of which have
    /// none.
    ///
    /// `term` is what a lease that began now would add to the word. Slightly negative where the clocks of two threads differ.
    @inlinable
    @inline(__always)
    func totalAge(at term: UInt64, kept: UInt64 = 0) -> Int64 {
        // Modulo 2⁴⁴ µs, with a sign.
        Int64(bitPattern: (inFlight &- kept) &* term &- bits & ~Self.countMask)
    }
}
