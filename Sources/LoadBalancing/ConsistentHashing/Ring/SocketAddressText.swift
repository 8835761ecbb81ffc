/// An IP address and a port, read from text as Rust's `SocketAddr` reads them.
///
/// IPv4 comes before IPv6, then addresses count as numbers, then ports.
struct SocketAddressText: Hashable, Comparable {
    let isIPv6: Bool
    let address: UInt128
    let port: UInt16

    /// Reads `10.0.0.1:443` or `[::1]:443`; `nil` for anything else.
    init?(_ text: String) {
        guard let colon = text.utf8.lastIndex(of: UInt8(ascii: ":")),
            let port = Self.number(text[colon...].dropFirst(), radix: 10, digits: 5), port <= UInt16.max
        else { return nil }
        self.port = UInt16(port)
        let host = text[..<colon]
        isIPv6 = host.first == "["
        if isIPv6 {
            guard host.last == "]", let groups = Self.groups(host.dropFirst().dropLast()) else { return nil }
            address = groups.reduce(0) { $0 << 16 | UInt128($1) }
        } else {
            guard let number = Self.ipv4(host) else { return nil }
            address = UInt128(number)
        }
    }

    /// The address as Rust and RFC 5952 write it, without brackets.
    var host: String {
        guard isIPv6 else { return Self.ipv4Text(UInt32(truncatingIfNeeded: address)) }
        if address >> 32 == 0xFFFF { return "::ffff:" + Self.ipv4Text(UInt32(truncatingIfNeeded: address)) }
        let groups = (0..<8).map { UInt16(truncatingIfNeeded: address >> UInt128(112 - 16 * $0)) }
        let texts = groups.map { String($0, radix: 16) }
        // The longest run of zeros, the first of several, if it has two groups or more.
        let runs = groups.indices.map { start in start..<(groups[start...].firstIndex { $0 != 0 } ?? 8) }
        let run = runs.reduce(0..<1) { $1.count > $0.count ? $1 : $0 }
        guard run.count > 1 else { return texts.joined(separator: ":") }
        return texts[..<run.lowerBound].joined(separator: ":") + "::" + texts[run.upperBound...].joined(separator: ":")
    }

    static func < (left: SocketAddressText, right: SocketAddressText) -> Bool {
        (left.isIPv6 ? 1 : 0, left.address, left.port) < (right.isIPv6 ? 1 : 0, right.address, right.port)
    }

    private static func number(_ text: Substring, radix: Int, digits: Int) -> Int? {
        // A sign is no digit, though `Int` would read it.
        guard 1...digits ~= text.utf8.count, text.first?.isHexDigit == true else { return nil }
        return Int(text, radix: radix)
    }

    private static func ipv4(_ text: Substring) -> UInt32? {
        let parts = text.split(separator: ".", omittingEmptySubsequences: false)
        guard parts.count == 4 else { return nil }
        var number: UInt32 = 0
        for part in parts {
            guard let byte = Self.number(part, radix: 10, digits: 3), byte <= 255, part == "0" || part.first != "0"
            else { return nil }
            number = number << 8 | UInt32(byte)
        }
        return number
    }

    private static func ipv4Text(_ number: UInt32) -> String {
        [24, 16, 8, 0].map { String(number >> $0 & 255) }.joined(separator: ".")
    }

    /// The eight groups of an IPv6 address, of which `::` stands for one or more that are zero.
    private static func groups(_ text: Substring) -> [UInt16]? {
        let halves = text.split(separator: "::", maxSplits: 1, omittingEmptySubsequences: false)
        guard let high = list(halves[0], mayEndInIPv4: halves.count == 1) else { return nil }
        guard halves.count == 2 else { return high.count == 8 ? high : nil }
        guard let low = list(halves[1], mayEndInIPv4: true), high.count + low.count < 8 else { return nil }
        return high + Array(repeating: 0, count: 8 - high.count - low.count) + low
    }

    private static func list(_ text: Substring, mayEndInIPv4: Bool) -> [UInt16]? {
        guard !text.isEmpty else { return [] }
        var groups: [UInt16] = []
        let parts = text.split(separator: ":", omittingEmptySubsequences: false)
        for (index, part) in parts.enumerated() {
            if let group = number(part, radix: 16, digits: 4) {
                groups.append(UInt16(group))
            } else if mayEndInIPv4, index == parts.count - 1, let number = ipv4(part) {
                groups += [UInt16(number >> 16), UInt16(truncatingIfNeeded: number)]
            } else {
                return nil
            }
        }
        return groups
    }
}
