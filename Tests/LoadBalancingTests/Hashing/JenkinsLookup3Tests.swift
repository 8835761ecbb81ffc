import LoadBalancing
import Testing

@Suite struct JenkinsLookup3Tests {
    /// From the comments of lookup3.c.
    @Test(arguments: [
        ("", 0 as UInt32, 0xDEAD_BEEF as UInt32),
        ("", 0xDEAD_BEEF, 0xBD5B_7DDE),
        ("Four score and seven years ago", 0, 0x1777_0551),
        ("Four score and seven years ago", 1, 0xCD62_8161),
    ])
    func matchesTheAuthorsValues(text: String, seed: UInt32, hash: UInt32) {
        #expect(JenkinsLookup3.hash(text, seed: seed) == hash)
    }

    /// SMHasher's verification value.
    @Test func verifies() {
        let value = smhasherVerification { Bytes.littleEndian(JenkinsLookup3.hash($0, seed: $1)) }
        #expect(value == 0x3D83_917A)
    }

    /// twemproxy's own test of its hash functions: src/hashkit, "apple".
    @Test func matchesTwemproxy() {
        #expect(JenkinsLookup3.hash("apple", seed: 13) == 1_442_444_624)
    }
}
