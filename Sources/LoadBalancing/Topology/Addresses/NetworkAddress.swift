/// An address of the Internet protocol, of either version, as a number.
public struct NetworkAddress: Hashable, Sendable {
    /// The version of the protocol.
    public enum Family: UInt8, Hashable, Sendable, CaseIterable {
        /// 32 bits.
        case ipv4 = 1
        /// 128 bits.
        case ipv6 = 2

        /// The number of bits.
        public var bitCount: Int { self == .ipv4 ? 32 : 128 }
    }

    /// The version.
    public let family: Family
    /// The bits, the first of them highest.
    let high: UInt64
    let low: UInt64

    /// An address of version 4, its first byte highest.
    public init(ipv4 bits: UInt32) {
        family = .ipv4
        high = UInt64(bits) << 32
        low = 0
    }

    /// An address of version 6 from its first and its last 64 bits.
    public init(ipv6 high: UInt64, _ low: UInt64) {
        family = .ipv6
        self.high = high
        self.low = low
    }

    init(_ family: Family, _ high: UInt64, _ low: UInt64) {
        self.family = family
        self.high = high
        self.low = low
    }

    /// The bytes, 4 or 16.
    public var bytes: [UInt8] {
        (0..<family.bitCount / 8).map { index in
            let word = index < 8 ? high : low
            return UInt8(truncatingIfNeeded: word >> UInt64(56 - 8 * (index % 8)))
        }
    }

    /// The address of 4 or 16 bytes; `nil` for another number of them.
    public init?(bytes: some Collection<UInt8>) {
        var words: (UInt64, UInt64) = (0, 0)
        for (index, byte) in bytes.enumerated() {
            guard index < 16 else { return nil }
            if index < 8 { words.0 |= UInt64(byte) << UInt64(56 - 8 * index) }
            if index >= 8 { words.1 |= UInt64(byte) << UInt64(120 - 8 * index) }
        }
        switch bytes.count {
        case 4: self.init(.ipv4, words.0, words.1)
        case 16: self.init(.ipv6, words.0, words.1)
        default: return nil
        }
    }

    /// Reads `192.0.2.1` or `2001:db8::1`; `nil` for anything else.
    ///
    /// IPv4 parts are decimal without leading zeros. IPv6 is as in RFC 4291 §2.2, the form that ends in an IPv4 address
    /// among it, without a zone.
    public init?(_ text: some StringProtocol) {
        if let address = Self.ipv4(text.utf8) {
            self = address
        } else if let address = Self.ipv6(text.utf8) {
            self = address
        } else {
            return nil
        }
    }

    private static func ipv4(_ text: some Collection<UInt8>) -> NetworkAddress? {
        let parts = text.split(separator: UInt8(ascii: "."), maxSplits: 4, omittingEmptySubsequences: false)
        guard parts.count == 4 else { return nil }
        var bits: UInt32 = 0
        for part in parts {
            guard let number = decimal(part) else { return nil }
            bits = bits << 8 | UInt32(number)
        }
        return NetworkAddress(ipv4: bits)
    }

    private static func decimal(_ digits: some Collection<UInt8>) -> UInt8? {
        guard 1...3 ~= digits.count, digits.count == 1 || digits.first != UInt8(ascii: "0") else { return nil }
        var number: UInt16 = 0
        for digit in digits {
            guard digit &- 0x30 < 10 else { return nil }
            number = number * 10 + UInt16(digit &- 0x30)
        }
        return UInt8(exactly: number)
    }

    private static func ipv6(_ text: some Collection<UInt8>) -> NetworkAddress? {
        let bytes = Array(text)
        guard 2...45 ~= bytes.count else { return nil }
        // What stands before and behind the one double colon.
        var gap: Int?
        for index in bytes.indices.dropLast() where bytes[index] == 0x3A && bytes[index + 1] == 0x3A {
            guard gap == nil else { return nil }
            gap = index
        }
        guard let gap else {
            guard let groups = groups(bytes[...], endsWithIPv4: true), groups.count == 8 else { return nil }
            return address(groups)
        }
        guard let front = groups(bytes[..<gap], endsWithIPv4: false),
            let back = groups(bytes[(gap + 2)...], endsWithIPv4: true), front.count + back.count < 8
        else { return nil }
        return address(front + Array(repeating: 0, count: 8 - front.count - back.count) + back)
    }

    /// Groups of up to four hexadecimal digits; the last may be an IPv4 address, if the text ends there.
    private static func groups(_ text: ArraySlice<UInt8>, endsWithIPv4: Bool) -> [UInt16]? {
        guard !text.isEmpty else { return [] }
        let parts = text.split(separator: 0x3A, omittingEmptySubsequences: false)
        var groups: [UInt16] = []
        for (index, part) in parts.enumerated() {
            if endsWithIPv4, index == parts.count - 1, part.contains(UInt8(ascii: ".")) {
                guard let address = ipv4(part) else { return nil }
                groups.append(UInt16(truncatingIfNeeded: address.high >> 48))
                groups.append(UInt16(truncatingIfNeeded: address.high >> 32))
                continue
            }
            guard 1...4 ~= part.count else { return nil }
            var group: UInt16 = 0
            for digit in part {
                guard let value = hexadecimal(digit) else { return nil }
                group = group << 4 | value
            }
            groups.append(group)
        }
        return groups
    }

    private static func hexadecimal(_ digit: UInt8) -> UInt16? {
        switch digit {
        case 0x30...0x39: UInt16(digit - 0x30)
        case 0x41...0x46: UInt16(digit - 0x37)
        case 0x61...0x66: UInt16(digit - 0x57)
        default: nil
        }
    }

    private static func address(_ groups: [UInt16]) -> NetworkAddress {
        func word(_ groups: ArraySlice<UInt16>) -> UInt64 { groups.reduce(0) { $0 << 16 | UInt64($1) } }
        return NetworkAddress(ipv6: word(groups[0..<4]), word(groups[4..<8]))
    }
}

extension NetworkAddress: CustomStringConvertible {
    /// The address in the usual form; IPv6 as in RFC 5952.
    public var description: String {
        guard family == .ipv6 else { return bytes.map(String.init).joined(separator: ".") }
        let groups = stride(from: 0, to: 16, by: 2).map { UInt16(bytes[$0]) << 8 | UInt16(bytes[$0 + 1]) }
        // The longest run of zero groups, two at the least, the first of equals.
        var run = 0..<0
        var start = 0
        while start < 8 {
            var end = start
            while end < 8, groups[end] == 0 { end += 1 }
            if end - start > max(run.count, 1) { run = start..<end }
            start = end + 1
        }
        func text(_ groups: ArraySlice<UInt16>) -> String {
            groups.map { String($0, radix: 16) }.joined(separator: ":")
        }
        return run.isEmpty
            ? text(groups[...]) : text(groups[..<run.lowerBound]) + "::" + text(groups[run.upperBound...])
    }
}
