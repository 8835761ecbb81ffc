/// CRC-16 with the polynomial 0x1021, most significant bit first, from 0: XMODEM's.
///
/// - Complexity: O(n) in the bytes hashed, no allocation; the table, 1 KiB, is made at the first use.
/// - Note: ITU-T V.41; Redis Cluster specification, appendix A.
public enum CRC16: ByteHash {
    private static let table: [UInt32] = (0..<256).map { byte in
        (0..<8).reduce(UInt32(byte) &<< 8) { state, _ in
            (state &<< 1 ^ (state & 0x8000 == 0 ? 0 : 0x1021)) & 0xFFFF
        }
    }

    /// The checksum of `bytes`, of which there may be none.
    public static func hash(_ bytes: RawSpan) -> UInt16 {
        UInt16(truncatingIfNeeded: unmasked(bytes))
    }

    /// The checksum in a register of 32 bits that is never cut to 16: what twemproxy offers for keys as `crc16`.
    ///
    /// The low 16 bits are the checksum, the others what was shifted out of it.
    public static func unmasked(_ bytes: RawSpan) -> UInt32 {
        let table = table
        return bytes.fold(into: 0) { state, byte in
            state = state &<< 8 ^ table[Int((state &>> 8 ^ UInt32(byte)) & 0xFF)]
        }
    }
}
