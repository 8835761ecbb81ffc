import LoadBalancing
import Testing

@Suite struct MurmurHash2Tests {
    /// SMHasher's verification value.
    @Test func verifies() {
        let value = smhasherVerification { Bytes.littleEndian(MurmurHash2.hash($0, seed: $1)) }
        #expect(value == 0x2786_4C1E)
    }

    /// twemproxy's own test of its hash functions: src/hashkit, "apple".
    @Test func matchesTwemproxy() {
        #expect(MurmurHash2.hash("apple", seed: 0xDEAD_BEEF &* 5) == 4_142_305_122)
    }
}
