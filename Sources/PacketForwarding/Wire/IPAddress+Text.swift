/// Text: `192.0.2.1`, and IPv6 as RFC 5952 asks for it.
extension IPAddress: LosslessStringConvertible, Codable {
    /// Reads an IPv4 address of four decimal numbers or an IPv6 address (RFC 4291 §2.2); `nil` if `text` is neither.
    ///
    /// Zones (`%eth0`) and leading zeros of IPv4 numbers are not taken.
    public init?(_ text: some StringProtocol) {
        if text.utf8.contains(UInt8(ascii: ":")) {
            self.init(v6Text: text)
        } else {
            guard let bits = Self.v4Bits(text) else { return nil }
            self.init(v4: bits)
        }
    }

    private static func v4Bits(_ text: some StringProtocol) -> UInt32? {
        let parts = text.split(separator: ".", omittingEmptySubsequences: false)
        guard parts.count == 4 else { return nil }
        var bits: UInt32 = 0
        for part in parts {
            guard let number = DecimalText.number(part), number <= 255 else { return nil }
            bits = bits << 8 | UInt32(number)
        }
        return bits
    }

    private init?(v6Text text: some StringProtocol) {
        var groups: [UInt16] = []
        var gap: Int?
        var rest = Substring(text)
        if rest.hasPrefix("::") {
            gap = 0
            rest = rest.dropFirst(2)
        }
        while !rest.isEmpty {
            let colon = rest.firstIndex(of: ":") ?? rest.endIndex
            let part = rest[..<colon]
            if colon == rest.endIndex, part.contains(".") {
                guard let bits = Self.v4Bits(part) else { return nil }
                groups += [UInt16(truncatingIfNeeded: bits >> 16), UInt16(truncatingIfNeeded: bits)]
                break
            }
            guard let group = HexadecimalText.number(part) else { return nil }
            groups.append(group)
            guard colon != rest.endIndex else { break }
            rest = rest[colon...].dropFirst()
            guard !rest.isEmpty else { return nil }
            if rest.first == ":" {
                guard gap == nil else { return nil }
                gap = groups.count
                rest = rest.dropFirst()
            }
        }
        guard gap == nil ? groups.count == 8 : groups.count < 8 else { return nil }
        groups.insert(contentsOf: repeatElement(0, count: 8 - groups.count), at: gap ?? 0)
        let words = [groups[..<4], groups[4...]].map { $0.reduce(0) { $0 << 16 | UInt64($1) } }
        self.init(v6: words[0], words[1])
    }

    /// The address in the form that RFC 5952 recommends: lower case, the longest run of zeros left out.
    ///
    /// The last 32 bits of an IPv4-mapped address are written as those of an IPv4 address.
    public var description: String {
        guard version == .v6 else { return Self.dotted(v4Bits) }
        if high == 0, low >> 32 == 0xFFFF { return "::ffff:" + Self.dotted(v4Bits) }
        let groups = (0..<8).map { index in
            UInt16(truncatingIfNeeded: (index < 4 ? high : low) >> UInt64(48 - index % 4 * 16))
        }
        let gap = Self.longestRunOfZeros(in: groups)
        func text(_ groups: ArraySlice<UInt16>) -> String {
            groups.map { String($0, radix: 16) }.joined(separator: ":")
        }
        return gap.isEmpty
            ? text(groups[...]) : text(groups[..<gap.lowerBound]) + "::" + text(groups[gap.upperBound...])
    }

    private static func dotted(_ bits: UInt32) -> String {
        stride(from: 24, through: 0, by: -8).map { String(bits >> UInt32($0) & 0xFF) }.joined(separator: ".")
    }

    /// The first of the longest runs, which is empty if none has two groups: one zero is never left out.
    private static func longestRunOfZeros(in groups: [UInt16]) -> Range<Int> {
        var longest = 0..<0
        var start = 0
        for (index, group) in groups.enumerated() {
            if group != 0 { start = index + 1 }
            if index + 1 - start > max(longest.count, 1) { longest = start..<index + 1 }
        }
        return longest
    }

    /// Reads the text that ``description`` gives.
    public init(from decoder: any Decoder) throws {
        self = try decoder.decodeText()
    }

    /// Writes ``description``.
    public func encode(to encoder: any Encoder) throws {
        try encoder.encodeText(description)
    }
}
