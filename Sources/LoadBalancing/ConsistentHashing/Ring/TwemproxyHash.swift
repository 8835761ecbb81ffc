extension RingDialect {
    /// twemproxy's hash functions for keys, by their names in its configuration.
    ///
    /// Those with `signed` in their comment take bytes above 127 as negative, as twemproxy does on x86.
    public enum TwemproxyHash: String, Hashable, Sendable, CaseIterable {
        /// Jenkins' one-at-a-time, signed: ``OneAtATime/Signed``.
        case one_at_a_time
        /// The first word of ``MD5``.
        case md5
        /// A CRC-16 that is not cut to 16 bits: ``CRC16/unmasked(_:)``.
        case crc16
        /// Bits 16 to 30 of ``CRC32``.
        case crc32
        /// ``CRC32``.
        case crc32a
        /// The low half of ``FNV1_64/Signed``.
        case fnv1_64
        /// The low half of ``FNV1a_64/Signed``, the default.
        case fnv1a_64
        /// ``FNV1_32/Signed``.
        case fnv1_32
        /// ``FNV1a_32/Signed``.
        case fnv1a_32
        /// Paul Hsieh's hash, signed in part: ``SuperFastHash/Signed``.
        case hsieh
        /// ``MurmurHash2``, seeded with the length.
        case murmur
        /// Jenkins' lookup3, seed 13: ``JenkinsLookup3``.
        case jenkins

        func callAsFunction(_ key: RawSpan) -> UInt32 {
            switch self {
            case .one_at_a_time: OneAtATime.Signed.hash(key)
            case .md5: MD5.hash(key).word(0)
            case .crc16: CRC16.unmasked(key)
            case .crc32: CRC32.hash(key) &>> 16 & 0x7FFF
            case .crc32a: CRC32.hash(key)
            case .fnv1_64: UInt32(truncatingIfNeeded: FNV1_64.Signed.hash(key))
            case .fnv1a_64: UInt32(truncatingIfNeeded: FNV1a_64.Signed.hash(key))
            case .fnv1_32: FNV1_32.Signed.hash(key)
            case .fnv1a_32: FNV1a_32.Signed.hash(key)
            case .hsieh: SuperFastHash.Signed.hash(key)
            case .murmur: MurmurHash2.hash(key, seed: 0xDEAD_BEEF &* UInt32(truncatingIfNeeded: key.byteCount))
            case .jenkins: JenkinsLookup3.hash(key, seed: 13)
            }
        }
    }
}
