extension MD5 {
    /// The sixteen bytes MD5 gives, a collection of them in order.
    @frozen
    public struct Digest: Hashable, Sendable {
        /// Bytes 0 to 7, and 8 to 15, as little-endian numbers.
        @usableFromInline let low, high: UInt64

        @inlinable
        init(_ state: State) {
            low = UInt64(state.a) | UInt64(state.b) &<< 32
            high = UInt64(state.c) | UInt64(state.d) &<< 32
        }

        /// The digest of the words 0 to 3.
        init(_ word0: UInt32, _ word1: UInt32, _ word2: UInt32, _ word3: UInt32) {
            low = UInt64(word0) | UInt64(word1) &<< 32
            high = UInt64(word2) | UInt64(word3) &<< 32
        }

        /// The four bytes from 4 × `index` on as a little-endian number: a ring's point.
        ///
        /// `index` is 0 to 3.
        ///
        /// - Complexity: O(1).
        @inlinable
        public func word(_ index: Int) -> UInt32 {
            precondition(0 <= index && index < 4, "an MD5 digest has the words 0 to 3")
            let half = index < 2 ? low : high
            return UInt32(truncatingIfNeeded: half &>> UInt64(truncatingIfNeeded: (index & 1) &* 32))
        }

        /// The digest as one number, its first byte the most significant: the number its hexadecimal form spells.
        ///
        /// - Complexity: O(1).
        @inlinable
        public var number: UInt128 {
            UInt128(low.byteSwapped) &<< 64 | UInt128(high.byteSwapped)
        }
    }
}

extension MD5.Digest: RandomAccessCollection {
    /// Always 0.
    @inlinable public var startIndex: Int { 0 }
    /// Always 16.
    @inlinable public var endIndex: Int { 16 }

    /// The byte at `position`, which is 0 to 15.
    @inlinable
    public subscript(position: Int) -> UInt8 {
        precondition(0 <= position && position < 16, "an MD5 digest has the bytes 0 to 15")
        let half = position < 8 ? low : high
        return UInt8(truncatingIfNeeded: half &>> UInt64(truncatingIfNeeded: (position & 7) &* 8))
    }
}
