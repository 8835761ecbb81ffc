/// MD5: a 128-bit digest, broken as cryptography, still the hash of the memcached rings.
///
/// A ketama ring takes four points from each digest, its words 0 to 3, and looks up a key by word 0 of the key's
/// digest.
///
/// - Complexity: O(n) in the bytes hashed, no allocation.
/// - Note: Rivest, *The MD5 Message-Digest Algorithm*, RFC 1321, 1992.
public enum MD5: ByteHash {
    /// Digests `bytes`, of which there may be none.
    @inlinable
    public static func hash(_ bytes: RawSpan) -> Digest {
        var state = State()
        state.absorb(message: bytes)
        return Digest(state)
    }

    /// The chaining value between two blocks.
    @usableFromInline
    struct State {
        @usableFromInline var a: UInt32 = 0x6745_2301
        @usableFromInline var b: UInt32 = 0xEFCD_AB89
        @usableFromInline var c: UInt32 = 0x98BA_DCFE
        @usableFromInline var d: UInt32 = 0x1032_5476

        @inlinable init() {}

        /// Takes in the whole message with its padding.
        @usableFromInline
        mutating func absorb(message: RawSpan) {
            var offset = 0
            while message.byteCount &- offset >= 64 {
                absorb(block: message, at: offset)
                offset &+= 64
            }
            let bitCount = UInt64(truncatingIfNeeded: message.byteCount) &* 8
            self = message.withPaddedTail(from: offset, bitCount: bitCount.littleEndian) { [self] tail in
                var state = self
                state.absorb(block: tail, at: 0)
                if tail.byteCount > 64 { state.absorb(block: tail, at: 64) }
                return state
            }
        }
    }
}

extension MD5.State {
    /// Takes in the 64 bytes of `bytes` from `offset` on: RFC 1321 §3.4, four of its steps a line.
    private mutating func absorb(block bytes: RawSpan, at offset: Int) {
        let start = self
        let block = bytes.extracting(offset..<offset &+ 64)
        let x0 = block.littleEndian32(at: 0)
        let x1 = block.littleEndian32(at: 4)
        let x2 = block.littleEndian32(at: 8)
        let x3 = block.littleEndian32(at: 12)
        let x4 = block.littleEndian32(at: 16)
        let x5 = block.littleEndian32(at: 20)
        let x6 = block.littleEndian32(at: 24)
        let x7 = block.littleEndian32(at: 28)
        let x8 = block.littleEndian32(at: 32)
        let x9 = block.littleEndian32(at: 36)
        let x10 = block.littleEndian32(at: 40)
        let x11 = block.littleEndian32(at: 44)
        let x12 = block.littleEndian32(at: 48)
        let x13 = block.littleEndian32(at: 52)
        let x14 = block.littleEndian32(at: 56)
        let x15 = block.littleEndian32(at: 60)

        round1(x0, x1, x2, x3, 0xD76A_A478, 0xE8C7_B756, 0x2420_70DB, 0xC1BD_CEEE)
        round1(x4, x5, x6, x7, 0xF57C_0FAF, 0x4787_C62A, 0xA830_4613, 0xFD46_9501)
        round1(x8, x9, x10, x11, 0x6980_98D8, 0x8B44_F7AF, 0xFFFF_5BB1, 0x895C_D7BE)
        round1(x12, x13, x14, x15, 0x6B90_1122, 0xFD98_7193, 0xA679_438E, 0x49B4_0821)
        round2(x1, x6, x11, x0, 0xF61E_2562, 0xC040_B340, 0x265E_5A51, 0xE9B6_C7AA)
        round2(x5, x10, x15, x4, 0xD62F_105D, 0x0244_1453, 0xD8A1_E681, 0xE7D3_FBC8)
        round2(x9, x14, x3, x8, 0x21E1_CDE6, 0xC337_07D6, 0xF4D5_0D87, 0x455A_14ED)
        round2(x13, x2, x7, x12, 0xA9E3_E905, 0xFCEF_A3F8, 0x676F_02D9, 0x8D2A_4C8A)
        round3(x5, x8, x11, x14, 0xFFFA_3942, 0x8771_F681, 0x6D9D_6122, 0xFDE5_380C)
        round3(x1, x4, x7, x10, 0xA4BE_EA44, 0x4BDE_CFA9, 0xF6BB_4B60, 0xBEBF_BC70)
        round3(x13, x0, x3, x6, 0x289B_7EC6, 0xEAA1_27FA, 0xD4EF_3085, 0x0488_1D05)
        round3(x9, x12, x15, x2, 0xD9D4_D039, 0xE6DB_99E5, 0x1FA2_7CF8, 0xC4AC_5665)
        round4(x0, x7, x14, x5, 0xF429_2244, 0x432A_FF97, 0xAB94_23A7, 0xFC93_A039)
        round4(x12, x3, x10, x1, 0x655B_59C3, 0x8F0C_CC92, 0xFFEF_F47D, 0x8584_5DD1)
        round4(x8, x15, x6, x13, 0x6FA8_7E4F, 0xFE2C_E6E0, 0xA301_4314, 0x4E08_11A1)
        round4(x4, x11, x2, x9, 0xF753_7E82, 0xBD3A_F235, 0x2AD7_D2BB, 0xEB86_D391)

        a &+= start.a
        b &+= start.b
        c &+= start.c
        d &+= start.d
    }

    @inline(__always)
    private mutating func round1(
        _ x0: UInt32, _ x1: UInt32, _ x2: UInt32, _ x3: UInt32, _ t0: UInt32, _ t1: UInt32, _ t2: UInt32, _ t3: UInt32
    ) {
        a = b &+ (a &+ x0 &+ t0 &+ (d ^ (b & (c ^ d)))).rotated(left: 7)
        d = a &+ (d &+ x1 &+ t1 &+ (c ^ (a & (b ^ c)))).rotated(left: 12)
        c = d &+ (c &+ x2 &+ t2 &+ (b ^ (d & (a ^ b)))).rotated(left: 17)
        b = c &+ (b &+ x3 &+ t3 &+ (a ^ (c & (d ^ a)))).rotated(left: 22)
    }

    @inline(__always)
    private mutating func round2(
        _ x0: UInt32, _ x1: UInt32, _ x2: UInt32, _ x3: UInt32, _ t0: UInt32, _ t1: UInt32, _ t2: UInt32, _ t3: UInt32
    ) {
        a = b &+ ((a &+ x0 &+ t0 &+ (c & ~d)) &+ (b & d)).rotated(left: 5)
        d = a &+ ((d &+ x1 &+ t1 &+ (b & ~c)) &+ (a & c)).rotated(left: 9)
        c = d &+ ((c &+ x2 &+ t2 &+ (a & ~b)) &+ (d & b)).rotated(left: 14)
        b = c &+ ((b &+ x3 &+ t3 &+ (d & ~a)) &+ (c & a)).rotated(left: 20)
    }

    @inline(__always)
    private mutating func round3(
        _ x0: UInt32, _ x1: UInt32, _ x2: UInt32, _ x3: UInt32, _ t0: UInt32, _ t1: UInt32, _ t2: UInt32, _ t3: UInt32
    ) {
        a = b &+ (a &+ x0 &+ t0 &+ (b ^ c ^ d)).rotated(left: 4)
        d = a &+ (d &+ x1 &+ t1 &+ (a ^ b ^ c)).rotated(left: 11)
        c = d &+ (c &+ x2 &+ t2 &+ (d ^ a ^ b)).rotated(left: 16)
        b = c &+ (b &+ x3 &+ t3 &+ (c ^ d ^ a)).rotated(left: 23)
    }

    @inline(__always)
    private mutating func round4(
        _ x0: UInt32, _ x1: UInt32, _ x2: UInt32, _ x3: UInt32, _ t0: UInt32, _ t1: UInt32, _ t2: UInt32, _ t3: UInt32
    ) {
        a = b &+ (a &+ x0 &+ t0 &+ (c ^ (b | ~d))).rotated(left: 6)
        d = a &+ (d &+ x1 &+ t1 &+ (b ^ (a | ~c))).rotated(left: 10)
        c = d &+ (c &+ x2 &+ t2 &+ (a ^ (d | ~b))).rotated(left: 15)
        b = c &+ (b &+ x3 &+ t3 &+ (d ^ (c | ~a))).rotated(left: 21)
    }
}
