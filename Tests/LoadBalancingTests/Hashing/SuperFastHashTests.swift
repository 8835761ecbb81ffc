import LoadBalancing
import Testing

@Suite struct SuperFastHashTests {
    @Test func matchesPublishedValues() {
        #expect(SuperFastHash.hash("") == 0)
        // twemproxy's own test of its hash functions: src/hashkit, "apple".
        #expect(SuperFastHash.hash("apple") == 3_738_850_110)
        #expect(SuperFastHash.Signed.hash("apple") == 3_738_850_110)
    }

    /// Only the third of three bytes left over is signed.
    @Test(arguments: 0...12)
    func signedDiffersInTheThirdByteOnly(length: Int) {
        for position in 0..<length {
            var bytes = Array("abcdefghijkl".utf8.prefix(length))
            bytes[position] |= 0x80
            let differs = SuperFastHash.hash(bytes) != SuperFastHash.Signed.hash(bytes)
            #expect(differs == (length % 4 == 3 && position == length - 1), "byte \(position)")
        }
    }
}
