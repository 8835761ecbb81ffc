/// Base64 with `-` and `_`, without padding (RFC 4648 §5).
enum Base64URL {
    private static let digits = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_".utf8)

    static func isDigit(_ byte: UInt8) -> Bool { value(of: byte) != nil }

    static func encode(_ bytes: [UInt8]) -> String {
        var text: [UInt8] = []
        for start in stride(from: 0, to: bytes.count, by: 3) {
            let group = bytes[start..<min(start + 3, bytes.count)]
            var word = group.reduce(0 as UInt32) { $0 << 8 | UInt32($1) } << UInt32(8 * (3 - group.count))
            for _ in 0...group.count {
                text.append(digits[Int(word >> 18 & 63)])
                word <<= 6
            }
        }
        return String(decoding: text, as: UTF8.self)
    }

    /// The bytes of a text of the other alphabet, with `+` and `/`, padded or not; `nil` as for ``decode(_:)``.
    static func decodeStandard(_ text: some BidirectionalCollection<UInt8>) -> [UInt8]? {
        let padding = text.reversed().prefix(2).prefix { $0 == UInt8(ascii: "=") }.count
        guard padding == 0 || text.count % 4 == 0 else { return nil }
        let digits = text.dropLast(padding).map { digit -> UInt8 in
            switch digit {
            case UInt8(ascii: "+"): UInt8(ascii: "-")
            case UInt8(ascii: "/"): UInt8(ascii: "_")
            // Not of this alphabet, and of no other.
            case UInt8(ascii: "-"), UInt8(ascii: "_"): 0
            default: digit
            }
        }
        return decode(digits)
    }

    /// The bytes of a text; `nil` for other digits, a length that cannot be, or bits that are left over: one text for
    /// each bytes.
    static func decode(_ text: some Collection<UInt8>) -> [UInt8]? {
        guard text.count % 4 != 1 else { return nil }
        var bytes: [UInt8] = []
        var (word, bits) = (0 as UInt32, 0 as UInt32)
        for digit in text {
            guard let value = value(of: digit) else { return nil }
            word = word << 6 | UInt32(value)
            bits += 6
            guard bits >= 8 else { continue }
            bits -= 8
            bytes.append(UInt8(truncatingIfNeeded: word >> bits))
        }
        return word & (1 << bits - 1) == 0 ? bytes : nil
    }

    private static func value(of digit: UInt8) -> UInt8? {
        switch digit {
        case 0x41...0x5A: digit - 0x41
        case 0x61...0x7A: digit - 0x61 + 26
        case 0x30...0x39: digit - 0x30 + 52
        case 0x2D: 62
        case 0x5F: 63
        default: nil
        }
    }
}
