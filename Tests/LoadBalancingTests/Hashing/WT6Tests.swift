import LoadBalancing
import Testing

@Suite struct WT6Tests {
    /// From HAProxy's `reg-tests/sample_fetches/hashes.vtc`, plain and with `avalanche`, over the bytes 0 to 255.
    @Test func agreesWithHAProxy() {
        #expect(WT6.hash(Bytes.counting(256)) == 4_090_277_559)
        #expect(JenkinsAvalanche.fullHash(WT6.hash(Bytes.counting(256))) == 1_192_658_767)
    }

    @Test func startsFromItsTwoWords() {
        #expect(WT6.hash("") == 0xA53C_965A ^ 0x5CA6_953A)
    }
}
