/// Reading numbers from bytes. Each read checks its bounds, so that none can leave the span.
extension RawSpan {
    /// The byte at `offset`.
    @inlinable
    @inline(__always)
    func byte(at offset: Int) -> UInt8 {
        // Invariant: the load checks `offset` against the span, and every bit pattern is a `UInt8`.
        unsafe unsafeLoad(fromByteOffset: offset, as: UInt8.self)
    }

    /// The four bytes from `offset` on as a little-endian number.
    @inlinable
    @inline(__always)
    func littleEndian32(at offset: Int) -> UInt32 {
        // Invariant: the load checks `offset` against the span, and every bit pattern is a `UInt32`.
        UInt32(littleEndian: unsafe unsafeLoadUnaligned(fromByteOffset: offset, as: UInt32.self))
    }

    /// The eight bytes from `offset` on as a little-endian number.
    @inlinable
    @inline(__always)
    func littleEndian64(at offset: Int) -> UInt64 {
        // Invariant: the load checks `offset` against the span, and every bit pattern is a `UInt64`.
        UInt64(littleEndian: unsafe unsafeLoadUnaligned(fromByteOffset: offset, as: UInt64.self))
    }

    /// The bytes from `offset` to the end, fewer than eight of them, as a little-endian number; 0 if there are none.
    @inlinable
    @inline(__always)
    func littleEndianTail(at offset: Int) -> UInt64 {
        let count = byteCount &- offset
        if count >= 4 {
            // The two halves may overlap: a byte read twice lands on the same bits.
            let low = UInt64(littleEndian32(at: offset))
            let high = UInt64(littleEndian32(at: byteCount &- 4))
            return low | high &<< UInt64(truncatingIfNeeded: (count &- 4) &* 8)
        }
        if count > 0 {
            let middle = count &>> 1
            return UInt64(byte(at: offset))
                | UInt64(byte(at: offset &+ middle)) &<< UInt64(truncatingIfNeeded: middle &* 8)
                | UInt64(byte(at: byteCount &- 1)) &<< UInt64(truncatingIfNeeded: (count &- 1) &* 8)
        }
        return 0
    }

    /// Folds the bytes in order into `value`.
    @inlinable
    @inline(__always)
    func fold<Value>(into value: Value, _ step: (inout Value, UInt8) -> Void) -> Value {
        var value = value
        var offset = 0
        while offset < byteCount {
            step(&value, byte(at: offset))
            offset &+= 1
        }
        return value
    }
}

extension FixedWidthInteger where Self: UnsignedInteger {
    /// The number with its bits moved `count` modulo `bitWidth` places up, those that fall off coming in again below.
    @inlinable
    @inline(__always)
    func rotated(left count: Self) -> Self {
        self &<< count | self &>> (0 &- count)
    }
}
