/// The addresses that share their first bits: `192.0.2.0/24`.
public struct IPPrefix: Hashable, Sendable, BitwiseCopyable {
    /// The first address; its bits behind the prefix are 0.
    public let address: IPAddress

    /// Bits that are shared: 0 to 32, or 0 to 128.
    public let bitCount: Int

    private let highMask: UInt64
    private let lowMask: UInt64

    /// The addresses that share `bitCount` bits with `address`; `nil` if it has not so many.
    ///
    /// - Parameters:
    ///   - address: Any of them.
    ///   - bitCount: The bits that they share.
    public init?(_ address: IPAddress, bitCount: Int) {
        guard (0...address.bitWidth).contains(bitCount) else { return nil }
        self.bitCount = bitCount
        // In the common form an IPv4 address stands behind 96 bits that all share.
        let count = bitCount + 128 - address.bitWidth
        highMask = ~(.max >> UInt64(count))
        lowMask = count <= 64 ? 0 : ~(.max >> UInt64(count - 64))
        switch address.version {
        case .v4: self.address = IPAddress(v4: UInt32(truncatingIfNeeded: address.low & lowMask))
        case .v6: self.address = IPAddress(v6: address.high & highMask, address.low & lowMask)
        }
    }

    /// The address of this prefix whose other bits are those of a hash.
    func address(hash: UInt64) -> IPAddress {
        switch address.version {
        case .v4: IPAddress(v4: UInt32(truncatingIfNeeded: address.low | hash & ~lowMask))
        case .v6: IPAddress(v6: address.high | hash.byteSwapped & ~highMask, address.low | hash & ~lowMask)
        }
    }

    /// Whether `address` is one of them; never so for another version's.
    public func contains(_ address: IPAddress) -> Bool {
        address.version == self.address.version && address.high & highMask == self.address.high
            && address.low & lowMask == self.address.low
    }
}

/// Text: an address, a slash and the number of bits.
extension IPPrefix: LosslessStringConvertible, Codable {
    /// Reads `192.0.2.0/24` or `2001:db8::/32`; an address alone is a prefix of all its bits; `nil` for anything else.
    public init?(_ text: some StringProtocol) {
        let parts = text.split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false)
        guard let first = parts.first, let address = IPAddress(first) else { return nil }
        guard parts.count == 2 else {
            self.init(address, bitCount: address.bitWidth)
            return
        }
        guard let bitCount = DecimalText.number(parts[1]) else { return nil }
        self.init(address, bitCount: Int(bitCount))
    }

    /// The first address, a slash and the number of bits.
    public var description: String { "\(address)/\(bitCount)" }

    /// Reads the text that ``description`` gives.
    public init(from decoder: any Decoder) throws {
        self = try decoder.decodeText()
    }

    /// Writes ``description``.
    public func encode(to encoder: any Encoder) throws {
        try encoder.encodeText(description)
    }
}
