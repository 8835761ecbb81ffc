import LoadBalancing
import Testing

@Suite struct JenkinsAvalancheTests {
    /// HAProxy's `full_hash`; 4096 and 4097 make the first two points of server 1.
    ///
    /// Computed from its description, which also gives every pick of HAProxy 2.6.12 in `haproxy-consistent.json`.
    @Test(
        arguments: [
            (number: 0, value: 2_874_071_335),
            (number: 1, value: 881_230_262),
            (number: 4096, value: 1_237_450_891),
            (number: 4097, value: 2_761_370_759),
        ] as [(UInt32, UInt32)])
    func agreesWithHAProxy(number: UInt32, value: UInt32) {
        #expect(JenkinsAvalanche.fullHash(number) == value)
        #expect(JenkinsAvalanche.mix(number) &* 3_221_225_473 == value)
    }

    /// Every step can be undone, so distinct numbers stay distinct.
    @Test func losesNoNumbers() {
        let numbers = (0..<65536 as Range<UInt32>).map { $0 &* 65537 }
        #expect(Set(numbers.map(JenkinsAvalanche.mix)).count == numbers.count)
        #expect(Set(numbers.map(JenkinsAvalanche.fullHash)).count == numbers.count)
    }
}
