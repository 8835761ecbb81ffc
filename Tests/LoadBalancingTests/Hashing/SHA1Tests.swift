import LoadBalancing
import Testing

@Suite struct SHA1Tests {
    /// RFC 3174 §7.3, the first, second and fourth; the first two are also FIPS 180's examples.
    @Test(arguments: [
        (text: "abc", count: 1, digest: "a9993e364706816aba3e25717850c26c9cd0d89d"),
        (
            text: "abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq", count: 1,
            digest: "84983e441c3bd26ebaae4aa1f95129e5e54670f1"
        ),
        (text: "a", count: 1_000_000, digest: "34aa973cd4c4daa4f61eeb2bdbad27316534016f"),
        (
            text: "0123456701234567012345670123456701234567012345670123456701234567", count: 10,
            digest: "dea356a2cddd90c7a7ecedc5ebb563934f460452"
        ),
    ])
    func agreesWithItsSpecification(text: String, count: Int, digest: String) {
        #expect(Bytes.hexadecimal(SHA1.hash(String(repeating: text, count: count))) == digest)
    }

    /// From HAProxy's `reg-tests/sample_fetches/hashes.vtc`.
    @Test func agreesWithHAProxy() {
        #expect(Bytes.hexadecimal(SHA1.hash(Bytes.counting(256))) == "4916d6bdb7f78e6803698cab32d1586ea457dfc8")
    }

    /// The digest of the digests of 0 … n-1 for n = 0 … 200, in a row: every way to pad.
    ///
    /// From Python 3.11.7's hashlib on OpenSSL 3.0.19.
    @Test func padsEveryLength() {
        let digests = (0...200).flatMap { SHA1.hash(Bytes.counting($0)) }
        #expect(Bytes.hexadecimal(SHA1.hash(digests)) == "30f906e3c78b841ee4b73d0cb2850660435758b3")
    }

    @Test func digestIsItsBytes() {
        let digest = SHA1.hash("")
        #expect(digest.count == 20)
        #expect(Bytes.hexadecimal(digest) == "da39a3ee5e6b4b0d3255bfef95601890afd80709")
        #expect(digest != SHA1.hash("a"))
    }
}
