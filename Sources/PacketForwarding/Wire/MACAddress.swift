/// The address of an Ethernet interface: 48 bits.
public struct MACAddress: Hashable, Sendable, BitwiseCopyable {
    /// The address as a number; its upper 16 bits are 0.
    public let bits: UInt64

    /// The address whose six bytes, the first one uppermost, are the lower 48 bits of a number.
    @inline(__always)
    public init(bits: UInt64) {
        self.bits = bits & 0xFFFF_FFFF_FFFF
    }

    /// Every station of the link.
    public static var broadcast: MACAddress { MACAddress(bits: 0xFFFF_FFFF_FFFF) }

    /// Whether the address means a group of stations, all of them included.
    public var isGroup: Bool { bits & 0x0100_0000_0000 != 0 }

    /// The group that listens to an IPv6 multicast address (RFC 2464 §7).
    ///
    /// - Parameter group: An IPv6 address; its last four bytes matter.
    init(multicast group: IPAddress) {
        self.init(bits: 0x3333_0000_0000 | group.low & 0xFFFF_FFFF)
    }
}

/// Text, six bytes in hexadecimal with colons between: `02:00:5e:10:00:01`.
extension MACAddress: LosslessStringConvertible, Codable {
    /// Reads six bytes of one or two hexadecimal digits each, colons or hyphens between; `nil` if `text` is not that.
    public init?(_ text: some StringProtocol) {
        let parts = text.split(omittingEmptySubsequences: false) { $0 == ":" || $0 == "-" }
        guard parts.count == 6 else { return nil }
        var bits: UInt64 = 0
        for part in parts {
            guard (1...2).contains(part.utf8.count), let byte = HexadecimalText.number(part) else { return nil }
            bits = bits << 8 | UInt64(byte)
        }
        self.init(bits: bits)
    }

    /// The address in lower case, colons between the bytes.
    public var description: String {
        stride(from: 40, through: 0, by: -8).map { shift in
            let digits = String(bits >> UInt64(shift) & 0xFF, radix: 16)
            return digits.utf8.count == 1 ? "0" + digits : digits
        }.joined(separator: ":")
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
