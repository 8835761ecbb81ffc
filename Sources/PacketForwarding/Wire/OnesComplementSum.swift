/// A sum of 16-bit words in one's complement, from which the Internet's checksums are made (RFC 1071).
///
/// Carries come in again below, so words may be added in any order and eight bytes at a time. A sum of anything but
/// zeros is never 0: it is 0xFFFF, whose complement is 0.
struct OnesComplementSum: BitwiseCopyable {
    private var words: UInt64 = 0

    init() {}

    /// The sum of `bytes[range]`, where the first byte is the upper one of a word.
    init(_ bytes: RawSpan, _ range: Range<Int>) {
        add(bytes, range)
    }

    /// Adds the words of a number in network byte order.
    @inline(__always)
    mutating func add(_ number: UInt64) {
        let (sum, carry) = words.addingReportingOverflow(number)
        // Cannot overflow again: after a carry the sum is at most 2^64 - 2.
        words = sum &+ (carry ? 1 : 0)
    }

    /// Takes away the words of a number that was added before: adds its complement.
    @inline(__always)
    mutating func subtract(_ number: UInt64) {
        add(~number)
    }

    /// Adds the two words of an address; a mapped IPv4 address has 0xFFFF besides, which is nothing.
    @inline(__always)
    mutating func add(_ address: IPAddress) {
        add(address.high)
        add(address.low)
    }

    /// Takes away an address.
    @inline(__always)
    mutating func subtract(_ address: IPAddress) {
        subtract(address.high)
        subtract(address.low)
    }

    /// Adds another sum.
    @inline(__always)
    mutating func add(_ other: OnesComplementSum) {
        add(other.words)
    }

    /// Adds `bytes[range]`, where the first byte is the upper one of a word; an odd last one is followed by a zero.
    @inline(never)
    mutating func add(_ bytes: RawSpan, _ range: Range<Int>) {
        // In the machine's own order: only the result has to be turned round (RFC 1071 §2B). Two chains, since each
        // addition waits for the carry of the one before.
        var even = OnesComplementSum()
        var odd = OnesComplementSum()
        var offset = range.lowerBound
        while range.upperBound &- offset >= 16 {
            even.add(bytes.native64(at: offset))
            odd.add(bytes.native64(at: offset &+ 8))
            offset &+= 16
        }
        if range.upperBound &- offset >= 8 {
            even.add(bytes.native64(at: offset))
            offset &+= 8
        }
        even.add(odd.words)
        if range.upperBound &- offset >= 4 {
            even.add(UInt64(bytes.native32(at: offset)))
            offset &+= 4
        }
        if range.upperBound &- offset >= 2 {
            even.add(UInt64(bytes.native16(at: offset)))
            offset &+= 2
        }
        if offset < range.upperBound {
            even.add(UInt64(UInt16(bigEndian: UInt16(bytes.byte(at: offset)) &<< 8)))
        }
        add(UInt64(UInt16(bigEndian: even.folded)))
    }

    /// The sum as one word.
    @inline(__always)
    var folded: UInt16 {
        // Halves are added with the carry coming in again, twice.
        let (sum32, carry32) = UInt32(truncatingIfNeeded: words &>> 32)
            .addingReportingOverflow(UInt32(truncatingIfNeeded: words))
        let half = sum32 &+ (carry32 ? 1 : 0)
        let (sum16, carry16) = UInt16(truncatingIfNeeded: half &>> 16)
            .addingReportingOverflow(UInt16(truncatingIfNeeded: half))
        return sum16 &+ (carry16 ? 1 : 0)
    }

    /// What the checksum field of the words summed has to hold; 0 for bytes that hold the right one.
    @inline(__always)
    var checksum: UInt16 { ~folded }
}
