import LoadBalancing
import Testing

@Suite struct MurmurHash64ATests {
    /// "Murmur2B" in SMHasher's table; covers all lengths to 255 and 256 seeds.
    @Test func agreesWithSMHasher() {
        let value = smhasherVerification { Bytes.littleEndian(MurmurHash64A.hash($0, seed: UInt64($1))) }
        #expect(value == 0x1F0D_3804)
    }

    /// A point of the ring in Envoy's `RingHashLoadBalancerTest` with MurmurHash2.
    ///
    /// "abc" was computed from the description.
    @Test(
        arguments: [
            (text: "127.0.0.1:80_0", value: 17_613_279_263_364_193_813),
            (text: "abc", value: 3_663_726_644_998_027_833),
        ] as [(String, UInt64)])
    func agreesWithEnvoy(text: String, value: UInt64) {
        #expect(MurmurHash64A.hash(text, seed: 0xC70F_6907) == value)
    }
}
