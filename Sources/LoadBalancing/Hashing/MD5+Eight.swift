extension MD5 {
    /// Eight messages of one block each, digested side by side.
    ///
    /// Each step of MD5 waits for the one before, so one message leaves most of a processor idle; eight in the lanes of
    /// vectors take little longer than one.
    struct Eight {
        /// The words 0 to 15 of the eight blocks.
        private(set) var words: [SIMD8<UInt32>]

        /// The longest message, in bytes: padding and length fill the rest of its block.
        static let maximumByteCount = 55

        init() {
            words = Array(repeating: .zero, count: 16)
        }

        /// Lays the same message in all lanes and pads it; `bytes` has at most ``maximumByteCount``.
        mutating func fill(_ bytes: [UInt8]) {
            for index in words.indices { words[index] = .zero }
            for (offset, byte) in bytes.enumerated() { or(byte, at: offset) }
            or(0x80, at: bytes.count)
            words[14] = SIMD8(repeating: UInt32(truncatingIfNeeded: bytes.count &* 8))
        }

        private mutating func or(_ byte: UInt8, at offset: Int) {
            words[offset &>> 2] |= SIMD8(repeating: UInt32(byte) &<< UInt32(truncatingIfNeeded: (offset & 3) &* 8))
        }

        /// Replaces the byte at `offset` of one lane's message.
        @inline(__always)
        mutating func set(_ byte: UInt8, at offset: Int, lane: Int) {
            let shift = UInt32(truncatingIfNeeded: (offset & 3) &* 8)
            let word = words[offset &>> 2][lane]
            words[offset &>> 2][lane] = word & ~(0xFF &<< shift) | UInt32(byte) &<< shift
        }

        /// The words 0 to 3 of the eight digests.
        func digests() -> (SIMD8<UInt32>, SIMD8<UInt32>, SIMD8<UInt32>, SIMD8<UInt32>) {
            var state = Lanes()
            state.absorb(words)
            return (state.a &+ Lanes().a, state.b &+ Lanes().b, state.c &+ Lanes().c, state.d &+ Lanes().d)
        }
    }

    /// The chaining values of eight messages.
    fileprivate struct Lanes {
        var a = SIMD8<UInt32>(repeating: 0x6745_2301)
        var b = SIMD8<UInt32>(repeating: 0xEFCD_AB89)
        var c = SIMD8<UInt32>(repeating: 0x98BA_DCFE)
        var d = SIMD8<UInt32>(repeating: 0x1032_5476)
    }
}

extension MD5.Lanes {
    typealias Word = SIMD8<UInt32>

    /// RFC 1321 §3.4, four of its steps a line.
    @inline(__always)
    mutating func absorb(_ x: [Word]) {
        round1(x[0], x[1], x[2], x[3], 0xD76A_A478, 0xE8C7_B756, 0x2420_70DB, 0xC1BD_CEEE)
        round1(x[4], x[5], x[6], x[7], 0xF57C_0FAF, 0x4787_C62A, 0xA830_4613, 0xFD46_9501)
        round1(x[8], x[9], x[10], x[11], 0x6980_98D8, 0x8B44_F7AF, 0xFFFF_5BB1, 0x895C_D7BE)
        round1(x[12], x[13], x[14], x[15], 0x6B90_1122, 0xFD98_7193, 0xA679_438E, 0x49B4_0821)
        round2(x[1], x[6], x[11], x[0], 0xF61E_2562, 0xC040_B340, 0x265E_5A51, 0xE9B6_C7AA)
        round2(x[5], x[10], x[15], x[4], 0xD62F_105D, 0x0244_1453, 0xD8A1_E681, 0xE7D3_FBC8)
        round2(x[9], x[14], x[3], x[8], 0x21E1_CDE6, 0xC337_07D6, 0xF4D5_0D87, 0x455A_14ED)
        round2(x[13], x[2], x[7], x[12], 0xA9E3_E905, 0xFCEF_A3F8, 0x676F_02D9, 0x8D2A_4C8A)
        round3(x[5], x[8], x[11], x[14], 0xFFFA_3942, 0x8771_F681, 0x6D9D_6122, 0xFDE5_380C)
        round3(x[1], x[4], x[7], x[10], 0xA4BE_EA44, 0x4BDE_CFA9, 0xF6BB_4B60, 0xBEBF_BC70)
        round3(x[13], x[0], x[3], x[6], 0x289B_7EC6, 0xEAA1_27FA, 0xD4EF_3085, 0x0488_1D05)
        round3(x[9], x[12], x[15], x[2], 0xD9D4_D039, 0xE6DB_99E5, 0x1FA2_7CF8, 0xC4AC_5665)
        round4(x[0], x[7], x[14], x[5], 0xF429_2244, 0x432A_FF97, 0xAB94_23A7, 0xFC93_A039)
        round4(x[12], x[3], x[10], x[1], 0x655B_59C3, 0x8F0C_CC92, 0xFFEF_F47D, 0x8584_5DD1)
        round4(x[8], x[15], x[6], x[13], 0x6FA8_7E4F, 0xFE2C_E6E0, 0xA301_4314, 0x4E08_11A1)
        round4(x[4], x[11], x[2], x[9], 0xF753_7E82, 0xBD3A_F235, 0x2AD7_D2BB, 0xEB86_D391)
    }

    @inline(__always)
    private mutating func round1(
        _ x0: Word, _ x1: Word, _ x2: Word, _ x3: Word, _ t0: UInt32, _ t1: UInt32, _ t2: UInt32, _ t3: UInt32
    ) {
        a = advanced(b, a &+ (x0 &+ t0) &+ (d ^ (b & (c ^ d))), 7)
        d = advanced(a, d &+ (x1 &+ t1) &+ (c ^ (a & (b ^ c))), 12)
        c = advanced(d, c &+ (x2 &+ t2) &+ (b ^ (d & (a ^ b))), 17)
        b = advanced(c, b &+ (x3 &+ t3) &+ (a ^ (c & (d ^ a))), 22)
    }

    @inline(__always)
    private mutating func round2(
        _ x0: Word, _ x1: Word, _ x2: Word, _ x3: Word, _ t0: UInt32, _ t1: UInt32, _ t2: UInt32, _ t3: UInt32
    ) {
        a = advanced(b, a &+ (x0 &+ t0) &+ (c ^ (d & (b ^ c))), 5)
        d = advanced(a, d &+ (x1 &+ t1) &+ (b ^ (c & (a ^ b))), 9)
        c = advanced(d, c &+ (x2 &+ t2) &+ (a ^ (b & (d ^ a))), 14)
        b = advanced(c, b &+ (x3 &+ t3) &+ (d ^ (a & (c ^ d))), 20)
    }

    @inline(__always)
    private mutating func round3(
        _ x0: Word, _ x1: Word, _ x2: Word, _ x3: Word, _ t0: UInt32, _ t1: UInt32, _ t2: UInt32, _ t3: UInt32
    ) {
        a = advanced(b, a &+ (x0 &+ t0) &+ (b ^ c ^ d), 4)
        d = advanced(a, d &+ (x1 &+ t1) &+ (a ^ b ^ c), 11)
        c = advanced(d, c &+ (x2 &+ t2) &+ (d ^ a ^ b), 16)
        b = advanced(c, b &+ (x3 &+ t3) &+ (c ^ d ^ a), 23)
    }

    @inline(__always)
    private mutating func round4(
        _ x0: Word, _ x1: Word, _ x2: Word, _ x3: Word, _ t0: UInt32, _ t1: UInt32, _ t2: UInt32, _ t3: UInt32
    ) {
        a = advanced(b, a &+ (x0 &+ t0) &+ (c ^ (b | ~d)), 6)
        d = advanced(a, d &+ (x1 &+ t1) &+ (b ^ (a | ~c)), 10)
        c = advanced(d, c &+ (x2 &+ t2) &+ (a ^ (d | ~b)), 15)
        b = advanced(c, b &+ (x3 &+ t3) &+ (d ^ (c | ~a)), 21)
    }

    /// A word plus another turned left.
    ///
    /// The two parts of what is turned are added one after the other: joined first, the compiler takes them for rotations, which it
    /// then does lane by lane.
    @inline(__always)
    private func advanced(_ word: Word, _ sum: Word, _ count: UInt32) -> Word {
        word &+ sum &<< count &+ sum &>> (32 &- count)
    }
}
