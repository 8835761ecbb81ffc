/// How a dialect hashes keys.
enum RingKeyHash: Hashable, Sendable {
    case xxh64
    /// The first word of the digest.
    case md5
    /// The first 64 bits of the digest as a number.
    case md5Number
    /// The first 64 bits of the digest as a number.
    case sha1
    case crc32
    /// Of signed bytes.
    case oneAtATime
    case twemproxy(RingDialect.TwemproxyHash, HashTag?)
    case haproxy(RingDialect.HAProxyHash, avalanche: Bool)

    /// The key's hash; where hashes have 32 bits, in the low ones.
    func callAsFunction(_ key: RawSpan) -> UInt64 {
        switch self {
        case .xxh64: XXH64.hash(key)
        case .md5: UInt64(MD5.hash(key).word(0))
        case .md5Number: UInt64(truncatingIfNeeded: MD5.hash(key).number &>> 64)
        case .sha1: SHA1.hash(key).high
        case .crc32: UInt64(CRC32.hash(key))
        case .oneAtATime: UInt64(OneAtATime.Signed.hash(key))
        case .twemproxy(let hash, nil): UInt64(hash(key))
        case .twemproxy(let hash, let tag?): UInt64(hash(key.extracting(tag.part(of: key))))
        case .haproxy(let hash, false): UInt64(hash(key))
        case .haproxy(let hash, true): UInt64(JenkinsAvalanche.fullHash(hash(key)))
        }
    }
}

extension RingDialect.HAProxyHash {
    func callAsFunction(_ key: RawSpan) -> UInt32 {
        switch self {
        case .sdbm: SDBM.hash(key)
        case .djb2: DJB2.hash(key)
        case .wt6: WT6.hash(key)
        case .crc32: CRC32.hash(key)
        case .none: Self.number(key)
        }
    }

    /// The decimal number `key` begins with, if any, modulo 2³²; one that does not fit 64 bits is the largest that does.
    private static func number(_ key: RawSpan) -> UInt32 {
        var offset = 0
        let isNegative = key.byteCount > 0 && key.byte(at: 0) == UInt8(ascii: "-")
        if isNegative { offset = 1 }
        var number: Int64 = 0
        while offset < key.byteCount, case let digit = key.byte(at: offset) &- UInt8(ascii: "0"), digit < 10 {
            let (tens, overflows) = number.multipliedReportingOverflow(by: 10)
            let (sum, overflowsToo) = tens.subtractingReportingOverflow(Int64(digit))
            // Downwards, as there is one negative number more.
            guard !overflows, !overflowsToo else {
                return UInt32(truncatingIfNeeded: isNegative ? Int64.min : Int64.max)
            }
            number = sum
            offset += 1
        }
        guard !isNegative else { return UInt32(truncatingIfNeeded: number) }
        return UInt32(truncatingIfNeeded: number == .min ? .max : -number)
    }
}
