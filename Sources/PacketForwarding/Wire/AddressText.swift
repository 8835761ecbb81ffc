/// Digits of addresses: `Int(_:radix:)` would take a sign too.
enum HexadecimalText {
    /// The number that up to four hexadecimal digits mean; `nil` for anything else, nothing included.
    static func number(_ text: some StringProtocol) -> UInt16? {
        guard (1...4).contains(text.utf8.count), text.utf8.allSatisfy({ $0 >= UInt8(ascii: "0") }) else { return nil }
        return UInt16(text, radix: 16)
    }
}

/// Digits of an IPv4 address or a prefix length.
enum DecimalText {
    /// The number that up to three decimal digits mean; `nil` for anything else, leading zeros included: some programs
    /// take them for octal.
    static func number(_ text: some StringProtocol) -> UInt16? {
        guard (1...3).contains(text.utf8.count), text.utf8.allSatisfy({ (0x30...0x39).contains($0) }) else {
            return nil
        }
        guard text.utf8.count == 1 || text.utf8.first != UInt8(ascii: "0") else { return nil }
        return UInt16(text)
    }
}

/// Addresses are stored as their text.
extension Decoder {
    func decodeText<Value: LosslessStringConvertible>() throws -> Value {
        let container = try singleValueContainer()
        let text = try container.decode(String.self)
        guard let value = Value(text) else {
            throw DecodingError.dataCorruptedError(in: container, debugDescription: "\"\(text)\" is no \(Value.self)")
        }
        return value
    }
}

extension Encoder {
    func encodeText(_ text: String) throws {
        var container = singleValueContainer()
        try container.encode(text)
    }
}
