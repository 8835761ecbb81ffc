/// Bob Jenkins' lookup3, 32 bits: `hashlittle`.
///
/// libmemcached and twemproxy offer it for keys as `jenkins`, with seed 13.
///
/// - Complexity: O(n) in the bytes hashed, no allocation.
/// - Note: Jenkins, *lookup3.c*, 2006.
public enum JenkinsLookup3: ByteHash, SeededByteHash {
    /// Hashes `bytes`, of which there may be none, under `seed`.
    public static func hash(_ bytes: RawSpan, seed: UInt32) -> UInt32 {
        let start = 0xDEAD_BEEF &+ UInt32(truncatingIfNeeded: bytes.byteCount) &+ seed
        var state = State(a: start, b: start, c: start)
        guard bytes.byteCount > 0 else { return state.c }
        var offset = 0
        while bytes.byteCount &- offset > 12 {
            state.add(
                bytes.littleEndian32(at: offset), bytes.littleEndian32(at: offset &+ 4),
                bytes.littleEndian32(at: offset &+ 8))
            state.mix()
            offset &+= 12
        }
        let rest = (0..<3).map { word in
            (0..<4).reduce(0 as UInt32) { value, byte in
                let position = offset &+ 4 &* word &+ byte
                guard position < bytes.byteCount else { return value }
                return value | UInt32(bytes.byte(at: position)) &<< UInt32(8 * byte)
            }
        }
        state.add(rest[0], rest[1], rest[2])
        state.finish()
        return state.c
    }

    private struct State {
        var a, b, c: UInt32

        mutating func add(_ first: UInt32, _ second: UInt32, _ third: UInt32) {
            a &+= first
            b &+= second
            c &+= third
        }

        /// Reversible, and every bit of the three words moves several others.
        mutating func mix() {
            turn(&a, &b, &c, 4)
            turn(&b, &c, &a, 6)
            turn(&c, &a, &b, 8)
            turn(&a, &b, &c, 16)
            turn(&b, &c, &a, 19)
            turn(&c, &a, &b, 4)
        }

        private func turn(_ first: inout UInt32, _ second: inout UInt32, _ third: inout UInt32, _ count: UInt32) {
            first = (first &- third) ^ third.rotated(left: count)
            third &+= second
        }

        mutating func finish() {
            fold(&c, b, 14)
            fold(&a, c, 11)
            fold(&b, a, 25)
            fold(&c, b, 16)
            fold(&a, c, 4)
            fold(&b, a, 14)
            fold(&c, b, 24)
        }

        private func fold(_ word: inout UInt32, _ other: UInt32, _ count: UInt32) {
            word = (word ^ other) &- other.rotated(left: count)
        }
    }
}
