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
    @inline(__always)
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
        var tail: UInt64 = 0
        var shift: UInt64 = 56
        while offset < range.upperBound {
            tail |= UInt64(bytes.byte(at: offset)) &<< shift
            shift &-= 8
            offset &+= 1
        }
        even.add(tail.bigEndian)
        add(UInt64(UInt16(bigEndian: even.folded)))
    }

    /// The sum as one word.
    @inline(__always)
    var folded: UInt16 {
        var sum = (words &>> 32) &+ (words & 0xFFFF_FFFF)
        sum = (sum &>> 16) &+ (sum & 0xFFFF)
        sum = (sum &>> 16) &+ (sum & 0xFFFF)
        return UInt16(truncatingIfNeeded: (sum &>> 16) &+ sum)
    }

    /// What the checksum field of the words summed has to hold; 0 for bytes that hold the right one.
    @inline(__always)
    var checksum: UInt16 { ~folded }
}
