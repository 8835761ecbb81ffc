extension IPAddress {
    /// The prefix of this address alone.
    var prefix: IPPrefix {
        guard let prefix = IPPrefix(self, bitCount: bitWidth) else {
            preconditionFailure("an address has as many bits as it has")
        }
        return prefix
    }
}

extension IPPrefix {
    /// The prefixes in their order, without those that lie in others.
    static func disjoint(_ prefixes: some Sequence<IPPrefix>) -> [IPPrefix] {
        var kept: [IPPrefix] = []
        for prefix in prefixes.sorted(by: { $0.precedes($1) }) {
            if let last = kept.last, last.contains(prefix.address) { continue }
            kept.append(prefix)
        }
        return kept
    }

    private func precedes(_ other: IPPrefix) -> Bool {
        let (own, others) = (address, other.address)
        return (own.version.rawValue, own.high, own.low, bitCount)
            < (others.version.rawValue, others.high, others.low, other.bitCount)
    }
}
