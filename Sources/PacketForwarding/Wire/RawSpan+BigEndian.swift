/// Reading numbers in network byte order. Each read checks its bounds, so that none can leave the span.
extension RawSpan {
    /// The byte at `offset`.
    @inline(__always)
    func byte(at offset: Int) -> UInt8 {
        // Invariant: the load checks `offset` against the span, and every bit pattern is a `UInt8`.
        unsafe unsafeLoad(fromByteOffset: offset, as: UInt8.self)
    }

    /// The two bytes from `offset` on as a number.
    @inline(__always)
    func bigEndian16(at offset: Int) -> UInt16 {
        // Invariant: the load checks `offset` against the span, and every bit pattern is a `UInt16`.
        UInt16(bigEndian: unsafe unsafeLoadUnaligned(fromByteOffset: offset, as: UInt16.self))
    }

    /// The four bytes from `offset` on as a number.
    @inline(__always)
    func bigEndian32(at offset: Int) -> UInt32 {
        // Invariant: the load checks `offset` against the span, and every bit pattern is a `UInt32`.
        UInt32(bigEndian: unsafe unsafeLoadUnaligned(fromByteOffset: offset, as: UInt32.self))
    }

    /// The eight bytes from `offset` on as a number.
    @inline(__always)
    func bigEndian64(at offset: Int) -> UInt64 {
        // Invariant: the load checks `offset` against the span, and every bit pattern is a `UInt64`.
        UInt64(bigEndian: unsafe unsafeLoadUnaligned(fromByteOffset: offset, as: UInt64.self))
    }

    /// The two bytes from `offset` on as a number in the machine's own order.
    @inline(__always)
    func native16(at offset: Int) -> UInt16 {
        // Invariant: the load checks `offset` against the span, and every bit pattern is a `UInt16`.
        unsafe unsafeLoadUnaligned(fromByteOffset: offset, as: UInt16.self)
    }

    /// The four bytes from `offset` on as a number in the machine's own order.
    @inline(__always)
    func native32(at offset: Int) -> UInt32 {
        // Invariant: the load checks `offset` against the span, and every bit pattern is a `UInt32`.
        unsafe unsafeLoadUnaligned(fromByteOffset: offset, as: UInt32.self)
    }

    /// The eight bytes from `offset` on as a number in the machine's own order.
    @inline(__always)
    func native64(at offset: Int) -> UInt64 {
        // Invariant: the load checks `offset` against the span, and every bit pattern is a `UInt64`.
        unsafe unsafeLoadUnaligned(fromByteOffset: offset, as: UInt64.self)
    }

    /// The IPv6 address at `offset`.
    @inline(__always)
    func v6Address(at offset: Int) -> IPAddress {
        IPAddress(v6: bigEndian64(at: offset), bigEndian64(at: offset &+ 8))
    }

    /// The MAC address at `offset`.
    @inline(__always)
    func macAddress(at offset: Int) -> MACAddress {
        MACAddress(bits: UInt64(bigEndian16(at: offset)) &<< 32 | UInt64(bigEndian32(at: offset &+ 2)))
    }
}
