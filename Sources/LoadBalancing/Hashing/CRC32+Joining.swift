extension CRC32 {
    /// The end of a text, known by its checksum and length alone, behind any other.
    ///
    /// A checksum is the remainder of a polynomial over bits; bytes behind a text multiply its remainder by a power of
    /// x and add their own.
    ///
    /// - Note: the way of zlib's `crc32_combine`.
    struct Tail {
        private let checksum: UInt32
        /// x to the power of the tail's number of bits.
        private let power: UInt32

        /// - Complexity: O(log `byteCount`).
        init(checksum: UInt32, byteCount: UInt64) {
            self.checksum = checksum
            // Bits are reversed: x to the power of 0 is the top one. Eight bits make a byte.
            var power: UInt32 = 1 << 31
            var square: UInt32 = 1 << 23
            var left = byteCount
            while left > 0 {
                if left & 1 == 1 { power = CRC32.product(power, square) }
                square = CRC32.product(square, square)
                left >>= 1
            }
            self.power = power
        }

        /// The checksum of another text with this one behind.
        func checksum(after front: UInt32) -> UInt32 {
            CRC32.product(front, power) ^ checksum
        }
    }

    /// The product of two remainders.
    private static func product(_ one: UInt32, _ other: UInt32) -> UInt32 {
        var (product, shifted): (UInt32, UInt32) = (0, other)
        for bit in (0..<32).reversed() {
            if one >> bit & 1 == 1 { product ^= shifted }
            shifted = shifted &>> 1 ^ (shifted & 1 == 0 ? 0 : reflectedPolynomial)
        }
        return product
    }
}
