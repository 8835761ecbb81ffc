/// What one word says of the leases of a backend.
///
/// The low 20 bits count references: one for the backend's membership, one for each lease. The upper 44 bits are, as the
/// policy needs, the number of leases ever begun, or the sum of the start times, in microseconds, of the leases in flight
/// (modulo 2⁴⁴), from which their mean age follows in O(1). Both change together in one atomic addition, so no reader
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

    /// The mean age, in microseconds, of the leases in flight of a member that sums start times; 0 without leases.
    @inlinable
    func meanAge(at time: Timestamp) -> Float {
        let count = inFlight
        guard count > 0 else { return 0 }
        let sum = (count &* (time.nanoseconds / 1_000) &- upper) & (1 << 44 - 1)
        // A clock seen by two threads may put a start after the reading: a sum just below 2⁴⁴ is one of about zero.
        return sum > 1 << 43 ? 0 : Float(sum) / Float(count)
    }
}
