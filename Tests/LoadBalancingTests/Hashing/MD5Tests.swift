import LoadBalancing
import Testing

@Suite struct MD5Tests {
    /// RFC 1321, appendix A.5.
    @Test(arguments: [
        (text: "", digest: "d41d8cd98f00b204e9800998ecf8427e"),
        (text: "a", digest: "0cc175b9c0f1b6a831c399e269772661"),
        (text: "abc", digest: "900150983cd24fb0d6963f7d28e17f72"),
        (text: "message digest", digest: "f96b697d7cb7938d525a2f31aaf161d0"),
        (text: "abcdefghijklmnopqrstuvwxyz", digest: "c3fcd3d76192e4007dfb496cca67e13b"),
        (
            text: "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789",
            digest: "d174ab98d277d9f5a5611c2c9f419d9f"
        ),
        (
            text: "12345678901234567890123456789012345678901234567890123456789012345678901234567890",
            digest: "57edf4a22be3c955ac49da2e2107b67a"
        ),
    ])
    func agreesWithItsSpecification(text: String, digest: String) {
        #expect(Bytes.hexadecimal(MD5.hash(text)) == digest)
    }

    /// The digest of the digests of 0 … n-1 for n = 0 … 200, in a row: every way to pad.
    ///
    /// From Python 3.11.7's hashlib on OpenSSL 3.0.19.
    @Test func padsEveryLength() {
        let digests = (0...200).flatMap { MD5.hash(Bytes.counting($0)) }
        #expect(Bytes.hexadecimal(MD5.hash(digests)) == "d49382aaa96e2815f14079ed5a0a25a3")
    }

    /// From twemproxy's `test_all.c`, the last two points of the ring of "server1", and the key "apple".
    @Test(
        arguments: [
            (text: "server1-8", index: 0, word: 3_853_726_576),
            (text: "server1-8", index: 3, word: 2_667_054_752),
            (text: "apple", index: 0, word: 3_195_025_439),
        ] as [(String, Int, UInt32)])
    func givesKetamaItsPoints(text: String, index: Int, word: UInt32) {
        #expect(MD5.hash(text).word(index) == word)
    }

    @Test func digestIsItsBytesItsWordsAndItsNumber() {
        let digest = MD5.hash("abc")
        #expect(digest.count == 16)
        #expect(digest[0] == 0x90)
        #expect(digest[15] == 0x72)
        #expect((0..<4).map(digest.word) == [0x9850_0190, 0xB04F_D23C, 0x7D3F_96D6, 0x727F_E128])
        #expect(digest.number == 0x9001_5098_3CD2_4FB0_D696_3F7D_28E1_7F72)
        #expect(digest != MD5.hash("abd"))
    }
}
