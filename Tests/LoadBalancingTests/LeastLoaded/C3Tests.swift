import Testing

@testable import LoadBalancing

@Suite struct C3Tests {
    /// Response averages of 10 and 12 ms, the faster with more in flight.
    @Test(
        arguments: [
            (inFlight: [0, 0], clients: 1, picked: 0), (inFlight: [1, 0], clients: 1, picked: 1),
            (inFlight: [3, 3], clients: 8, picked: 0), (inFlight: [1_000, 999], clients: 1, picked: 0),
        ] as [(inFlight: [Int], clients: Int, picked: Int)])
    func theLeastScore(inFlight: [Int], clients: Int, picked: Int) {
        let pool = ScriptedPool(
            weights: [1, 1], inFlight: inFlight, latencies: [.milliseconds(10), .milliseconds(12)])
        var picker = C3Policy(clients: clients).makePicker(for: pool.pool(), seed: 1)
        #expect(pool.picks(5, with: &picker) == Array(repeating: picked, count: 5))
    }

    /// Response 10 ms and service 8 with a queue of 1: 2 + 64; response 20 and service 2 with a queue of 2: 18 + 54.
    @Test func reportsRank() throws {
        let balancer = try LoadBalancer(
            policy: .c3, backends: LoadBalancer<String>.named("ab"), time: .manual(ManualTime()), seed: 1,
            stripeLimit: 1)
        for (slot, latency, service, queue) in zip(balancer.slotsInForce, [(10, 8, 1), (20, 2, 2)]).map({
            ($0, $1.0, $1.1, $1.2)
        }) {
            slot.measure(nanoseconds: UInt64(latency) * 1_000_000, at: .seconds(0), outcome: .success)
            slot.take(LoadReport(inFlight: queue, serviceTime: .milliseconds(service)))
        }
        #expect(try balancer.picks(3) == "aaa")
        balancer.slotsInForce[0].take(LoadReport(inFlight: 2, serviceTime: .milliseconds(8)))
        #expect(try balancer.picks(3) == "bbb", "2 + 8 · 2.3³ is more than 72")
    }

    @Test func theUnmeasuredIsFree() {
        let pool = ScriptedPool(weights: [1, 1], inFlight: [0, 9], latencies: [.milliseconds(1), nil])
        var picker = C3Policy().makePicker(for: pool.pool(), seed: 1)
        #expect(pool.pick(with: &picker) == 1)
    }
}
