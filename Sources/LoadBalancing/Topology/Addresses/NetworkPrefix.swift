/// The addresses that begin with the same bits: `192.0.2.0/24`.
public struct NetworkPrefix: Hashable, Sendable {
    /// The first address; the bits behind the prefix are 0.
    public let address: NetworkAddress
    /// How many bits they have in common.
    public let length: Int

    /// The prefix of an address; bits behind it are cleared, and the length is clamped to what the family has.
    public init(_ address: NetworkAddress, length: Int) {
        let length = min(max(length, 0), address.family.bitCount)
        self.length = length
        self.address = NetworkAddress(
            address.family, address.high & Self.mask(length), address.low & Self.mask(length - 64))
    }

    /// Reads `192.0.2.0/24` or an address alone; `nil` for anything else, set bits behind the prefix among it.
    public init?(_ text: some StringProtocol) {
        let parts = text.split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false)
        guard let address = parts.first.flatMap({ NetworkAddress($0) }) else { return nil }
        var length = address.family.bitCount
        if parts.count > 1 {
            let digits = parts[1].utf8
            guard 1...3 ~= digits.count, digits.allSatisfy({ $0 &- 0x30 < 10 }), let number = Int(parts[1]),
                number <= length
            else { return nil }
            length = number
        }
        self.init(address, length: length)
        guard self.address == address else { return nil }
    }

    /// The highest `length` bits of a word; `length` may be out of range.
    private static func mask(_ length: Int) -> UInt64 {
        length <= 0 ? 0 : length >= 64 ? .max : .max << UInt64(64 - length)
    }

    /// The version of the protocol.
    public var family: NetworkAddress.Family { address.family }

    /// Whether an address lies in the prefix.
    public func contains(_ address: NetworkAddress) -> Bool {
        address.family == family && NetworkPrefix(address, length: length) == self
    }

    /// Whether all of another prefix lies in this one.
    public func contains(_ other: NetworkPrefix) -> Bool {
        other.length >= length && contains(other.address)
    }

    /// The prefix that is shorter by some bits, or as many as there are.
    public func shortened(to length: Int) -> NetworkPrefix {
        NetworkPrefix(address, length: min(length, self.length))
    }

    /// How many bits an address and this prefix's address have in common; 0 for another family.
    func commonLength(with other: NetworkAddress) -> Int {
        guard other.family == family else { return 0 }
        let difference = address.high ^ other.high
        if difference != 0 { return min(difference.leadingZeroBitCount, family.bitCount) }
        return min(64 + (address.low ^ other.low).leadingZeroBitCount, family.bitCount)
    }

    /// A well mixed hash, the same on every machine.
    var keyHash: UInt64 {
        Mixing.mix(Mixing.mix(Mixing.mix(address.high) ^ address.low) ^ UInt64(length) << 8 ^ UInt64(family.rawValue))
    }
}

extension NetworkPrefix: CustomStringConvertible {
    /// The first address and the length.
    public var description: String { "\(address)/\(length)" }
}
