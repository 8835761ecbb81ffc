import LoadBalancing
import Testing

@Suite struct DJB2Tests {
    /// From HAProxy's `reg-tests/sample_fetches/hashes.vtc`, plain and with `avalanche`, over the bytes 0 to 255.
    @Test func agreesWithHAProxy() {
        #expect(DJB2.hash(Bytes.counting(256)) == 2_589_693_061)
        #expect(JenkinsAvalanche.fullHash(DJB2.hash(Bytes.counting(256))) == 600_622_701)
    }

    /// The same by shifts, as published.
    @Test(arguments: 0...200)
    func agreesWithShifts(length: Int) {
        let bytes = Bytes.noise(length, seed: UInt64(length))
        #expect(DJB2.hash(bytes) == bytes.reduce(5381 as UInt32) { $0 << 5 &+ $0 &+ UInt32($1) })
    }
}
