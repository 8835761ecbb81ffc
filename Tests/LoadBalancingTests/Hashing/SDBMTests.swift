import LoadBalancing
import Testing

@Suite struct SDBMTests {
    /// From HAProxy's `reg-tests/sample_fetches/hashes.vtc`, plain and with `avalanche`, over the bytes 0 to 255.
    @Test func agreesWithHAProxy() {
        #expect(SDBM.hash(Bytes.counting(256)) == 905_707_648)
        #expect(JenkinsAvalanche.fullHash(SDBM.hash(Bytes.counting(256))) == 3_103_804_144)
    }

    /// A key with `hash-type consistent sdbm` without and with `avalanche`, computed from the description, which also
    /// gives every pick of HAProxy 2.6.12 in `haproxy-consistent.json`.
    @Test func agreesOnAKey() {
        #expect(SDBM.hash("apple") == 1_327_380_058)
        #expect(JenkinsAvalanche.fullHash(SDBM.hash("apple")) == 3_274_580_788)
    }

    /// The same polynomial by shifts, as sdbm's own source has it.
    @Test(arguments: 0...200)
    func agreesWithShifts(length: Int) {
        let bytes = Bytes.noise(length, seed: UInt64(length))
        let value = bytes.reduce(0 as UInt32) { UInt32($1) &+ $0 << 6 &+ $0 << 16 &- $0 }
        #expect(SDBM.hash(bytes) == value)
    }
}
