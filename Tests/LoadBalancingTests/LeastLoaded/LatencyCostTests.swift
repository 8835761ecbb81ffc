import Testing

@testable import LoadBalancing

@Suite struct LatencyCostTests {
    @Test(
        arguments: [
            (milliseconds: 10, inFlight: 0, cost: 10e6),
            (milliseconds: 10, inFlight: 4, cost: 50e6),
            (milliseconds: 1, inFlight: 999_999, cost: 1e12),
            (milliseconds: nil, inFlight: 0, cost: 0),
            (milliseconds: nil, inFlight: 1, cost: 0x1p64),
            (milliseconds: nil, inFlight: 3, cost: 0x3p64),
        ] as [(milliseconds: Int?, inFlight: Int, cost: Float)])
    func costIsLatencyTimesOneMore(milliseconds: Int?, inFlight: Int, cost: Float) {
        let pool = ScriptedPool(
            weights: [1], inFlight: [inFlight], latencies: [milliseconds.map { .milliseconds($0) }])
        #expect(pool.pool().latencyCost(at: 0, time: nil) == cost)
        #expect(pool.pool().latencyCost(at: 0, time: Timestamp(nanoseconds: 1 << 40)) == cost)
    }
}
