/// Where a dialect puts a backend's points.
enum RingPlaces: Hashable, Sendable {
    /// The four words of the MD5 digests of `TEXT-0`, `TEXT-1`, …; 32 bits.
    case md5Digests
    /// Hashes of `TEXT-0`, `TEXT-1`, … with a separator of the dialect's own.
    case texts(RingTextHash, separator: Unicode.Scalar)
    /// CRC-32 of the text and of the point before, 0 at first; 32 bits.
    case crc32Chain
    /// HAProxy's: ``JenkinsAvalanche`` of 4096 · id + point number; 32 bits.
    case haproxy
    /// The top 40 bits of XXH64 of the point's number, seeded with XXH64 of the text.
    case standard

    /// The bits of a place; those beyond 64 do not count.
    var bitWidth: Int {
        switch self {
        case .md5Digests, .crc32Chain, .haproxy: 32
        case .texts(let hash, _): hash.bitWidth
        case .standard: 40
        }
    }

    /// How many points there are for each of ``RingCounts``: four in a digest.
    var pointsPerCount: Int { self == .md5Digests ? 4 : 1 }

    /// Adds the points of one backend, at `position` of its set.
    func add(_ count: Int, of text: [UInt8], position: Int, to points: inout RingPoints) {
        let owner = UInt32(truncatingIfNeeded: position)
        switch self {
        case .md5Digests:
            var texts = NumberedText(text, separator: "-")
            texts.forEachMD5(count) { digest in
                for word in 0..<4 { points.append(UInt64(digest.word(word)) &<< 32, owner) }
            }
        case .texts(let hash, let separator):
            var texts = NumberedText(text, separator: separator)
            hash.forEachPlace(of: &texts, count) { points.append($0, owner) }
        case .crc32Chain:
            var base = CRC32()
            base.update(text)
            var place: UInt32 = 0
            for _ in 0..<count {
                var checksum = base
                checksum.update(littleEndian: place)
                place = checksum.value
                points.append(UInt64(place) &<< 32, owner)
            }
        case .haproxy:
            let base = UInt32(truncatingIfNeeded: position + 1) &<< 12
            for number in 0..<UInt32(truncatingIfNeeded: count) {
                points.append(UInt64(JenkinsAvalanche.fullHash(base &+ number)) &<< 32, owner)
            }
        case .standard:
            let seed = XXH64.hash(text)
            for number in 0..<UInt64(truncatingIfNeeded: count) {
                points.append(XXH64.hash(number, seed: seed), owner)
            }
        }
    }
}

/// The hash of a point's text.
enum RingTextHash: Hashable, Sendable {
    /// The first word of the digest; 32 bits.
    case md5Word
    /// Of signed bytes; 32 bits.
    case oneAtATime
    /// 64 bits.
    case xxh64
    /// With Envoy's seed; 64 bits.
    case murmurHash64A
    /// The first 64 bits of the digest as a number.
    case md5
    /// The first 64 bits of the digest as a number.
    case sha1

    var bitWidth: Int {
        switch self {
        case .md5Word, .oneAtATime: 32
        case .xxh64, .murmurHash64A, .md5, .sha1: 64
        }
    }

    /// Calls `body` with the places of the next `count` texts, from the top bit down.
    func forEachPlace(of texts: inout NumberedText, _ count: Int, _ body: (UInt64) -> Void) {
        switch self {
        case .md5Word: texts.forEachMD5(count) { body(UInt64($0.word(0)) &<< 32) }
        case .md5: texts.forEachMD5(count) { body(UInt64(truncatingIfNeeded: $0.number &>> 64)) }
        case .oneAtATime: texts.forEach(count, OneAtATime.Signed.self) { body(UInt64($0) &<< 32) }
        case .xxh64: texts.forEach(count, XXH64.self, body)
        case .murmurHash64A: texts.forEach(count, EnvoyMurmurHash2.self, body)
        case .sha1: texts.forEach(count, SHA1.self) { body($0.high) }
        }
    }
}

/// Envoy's Murmur hash of points, with the seed of GNU libstdc++'s `std::hash`.
private enum EnvoyMurmurHash2: ByteHash {
    static func hash(_ bytes: RawSpan) -> UInt64 {
        MurmurHash64A.hash(bytes, seed: 0xC70F_6907)
    }
}
