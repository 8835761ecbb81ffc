import Testing

@testable import LoadBalancing

@Suite struct ProbePoolTests {
    static func pool(
        _ answers: [(inFlight: Int, milliseconds: Int)], backends: Int = 40, at time: UInt64 = 0
    ) -> ProbePool {
        var pool = ProbePool(backends: backends, policy: PrequalPolicy())
        var generator = SeededGenerator(seed: 1)
        for (index, answer) in answers.enumerated() {
            pool.add(
                ProbeAnswer(inFlight: answer.inFlight, latency: .milliseconds(answer.milliseconds)), from: index,
                at: time,
                using: &generator)
        }
        return pool
    }

    /// Of the backends that are no busier than usual the fastest; if all are busy, the least busy.
    @Test(
        arguments: [
            (answers: [(1, 30), (2, 10), (1, 20)], admitted: [0, 1, 2], chosen: 1),
            (
                answers: [(1, 30), (9, 10), (1, 20), (1, 25), (2, 22), (3, 40), (2, 35)], admitted: Array(0..<7),
                chosen: 2
            ),
            (answers: [(1, 30), (9, 10), (8, 20), (1, 9), (1, 9), (1, 9), (1, 9)], admitted: [1, 2], chosen: 2),
            (answers: [(1, 30), (1, 10)], admitted: [0], chosen: 0),
            (answers: [(1, 30), (1, 10)], admitted: [], chosen: nil),
            (answers: [(1, 30)], admitted: [0], chosen: nil), (answers: [], admitted: [], chosen: nil),
        ] as [(answers: [(Int, Int)], admitted: [Int], chosen: Int?)])
    func hotAndCold(answers: [(Int, Int)], admitted: [Int], chosen: Int?) {
        var pool = Self.pool(answers.map { (inFlight: $0.0, milliseconds: $0.1) })
        #expect(pool.choose { admitted.contains($0) } == chosen)
    }

    @Test func theChosenCountsOneMore() {
        var pool = Self.pool([(1, 10), (1, 30)])
        _ = pool.choose { _ in true }
        #expect(
            pool.entries.map(\.inFlight) == [2, 1] || pool.entries.map(\.index) == [1], "used up, or busier by one")
    }

    @Test func answersGrowOld() {
        var pool = Self.pool([(1, 10), (1, 30)], at: 5)
        pool.expire(at: 5 + ProbePool.lifetime)
        #expect(pool.entries.count == 2)
        pool.expire(at: 6 + ProbePool.lifetime)
        #expect(pool.entries.isEmpty)
    }

    @Test(arguments: [(2, 2), (10, 5), (1_000, 16)])
    func noMoreThanCanBeReused(backends: Int, capacity: Int) {
        let pool = Self.pool(Array(repeating: (1, 1), count: 30), backends: backends)
        #expect(pool.capacity == capacity && pool.entries.count == capacity)
        #expect(pool.entries.last?.index == 29, "the oldest go")
    }

    @Test func removesTheOldestAndTheWorstInTurn() {
        var pool = Self.pool([(1, 10), (1, 50), (1, 20), (1, 30)])
        pool.removeOne()
        #expect(pool.entries.map(\.index) == [1, 2, 3])
        pool.removeOne()
        #expect(pool.entries.map(\.index) == [2, 3])
    }
}

@Suite struct PrequalTests {
    /// Answers at once after the pick: b is idle and fast.
    final class Probes: ProbeSource {
        let asked = Guarded<[(String, @Sendable (ProbeAnswer) -> Void)]>([])

        func probe(_ id: String, answer: @escaping @Sendable (ProbeAnswer) -> Void) {
            asked.withLock { $0.append((id, answer)) }
        }

        func answerAll() -> Int {
            let probes = asked.withLock { asked in
                defer { asked = [] }
                return asked
            }
            for (id, answer) in probes {
                answer(ProbeAnswer(inFlight: 1, latency: .milliseconds(id == "b" ? 1 : 10)))
            }
            return probes.count
        }
    }

    @Test func asksThreeAndTakesTheBest() throws {
        let probes = Probes()
        let balancer = try LoadBalancer(
            policy: AnyPolicy(PrequalPolicy(source: probes)), backends: LoadBalancer<String>.named("abcdef"),
            time: .manual(ManualTime()), seed: 1, stripeLimit: 1)
        var names = ""
        for _ in 0..<200 {
            names += try balancer.picks(1)
            #expect(probes.answerAll() == 3)
        }
        #expect(names.count { $0 == "b" } > 80)
        try balancer.update(LoadBalancer<String>.named("fghi"))
        #expect(try balancer.picks(20).allSatisfy { "fghi".contains($0) }, "old answers do not meet the new set")
    }

    @Test(arguments: [Int.min, -1, 0, 1])
    func asksAtLeastOne(probesPerPick: Int) throws {
        let probes = Probes()
        var policy = PrequalPolicy(source: probes)
        policy.probesPerPick = probesPerPick
        let balancer = try LoadBalancer(
            policy: AnyPolicy(policy), backends: LoadBalancer<String>.named("abc"), time: .manual(ManualTime()),
            seed: 1, stripeLimit: 1)
        for _ in 0..<10 {
            #expect(try balancer.picks(1).count == 1)
            #expect(probes.answerAll() == 1)
        }
    }

    @Test func reportsStandInForProbes() throws {
        let time = ManualTime()
        let balancer = try LoadBalancer(
            policy: .prequal, backends: LoadBalancer<String>.named("abcd"), time: .manual(time), seed: 1,
            stripeLimit: 1)
        var counts: [String: Int] = [:]
        for _ in 0..<400 {
            let lease = try balancer.lease()
            counts[lease.id, default: 0] += 1
            let (load, milliseconds) = lease.id == "c" ? (0, 1) : (30, 10)
            time.advance(by: .milliseconds(milliseconds))
            lease.finish(report: LoadReport(inFlight: load))
        }
        #expect((counts["c"] ?? 0) > 130, "\(counts)")
    }
}
