import Testing

@testable import LoadBalancing

@Suite struct SHA1RingTests {
    /// By a model in Python with numbers of 160 bits (hashlib, bisect), for the keys of `Vectors/keys.json`.
    @Test func picksWhatARingOf160BitsPicks() throws {
        let ring = try HashRing(
            [
                WeightedName("10.0.0.1:80"), WeightedName("10.0.0.2:80", weight: 2), WeightedName("[2001:db8::1]:80"),
                WeightedName("cache-4", weight: 3),
            ], dialect: .sha1)
        #expect(ring.pointCount == 7 * 160)
        let first = try #require(ring.point(for: 0))
        #expect(first == (0x0065_E4F2_28F5_D8D5, 1))
        let picks = RingVectors.keys.map { ring.backend(forKey: $0) }
        #expect(picks.prefix(20) == [3, 3, 1, 1, 3, 1, 3, 3, 2, 3, 1, 1, 3, 1, 2, 2, 1, 1, 3, 2])
        let bytes = picks.map { UInt8(truncatingIfNeeded: $0 ?? 255) }
        let digest = Bytes.hexadecimal(MD5.hash(bytes))
        #expect(digest == "6ab0ed0d0a9ade24e2b345c770a1b4ee")
    }
}
