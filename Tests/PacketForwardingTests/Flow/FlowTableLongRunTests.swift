import LoadBalancing
import Testing

@testable import PacketForwarding

@Suite struct FlowTableLongRunTests {
    /// A million steps in a table that is nearly full, with one dictionary as the truth: no flow is lost, doubled or
    /// late.
    @Test(arguments: [1, 2] as [UInt64])
    func losesAndDoublesNothing(seed: UInt64) {
        var random = Noise(seed: seed)
        let shape = FlowTableShape(flows: 5000, services: 2, backends: 4)
        var now = (1 << 32) - 300_000
        var time: FlowTime { FlowTime(ticks: UInt32(truncatingIfNeeded: now)) }
        var table = FlowTable(shape, secret: SipKey(seed, 3), now: time)
        let timeout = 40_000
        for service in 0..<2 as Range<UInt16> {
            table.configure(service: service, FlowTimeouts(datagrams: FlowTimeout(ticks: UInt32(timeout))))
        }
        var model: [Int: (deadline: Int, position: UInt32)] = [:]
        var (wrong, full) = (0, 0)
        for step in 0..<500_000 {
            if step % 8 == 0 { now += 1 + Int.random(in: 0..<16, using: &random) }
            if step % 100_000 == 99_999 { now += Int.random(in: 0..<100_000, using: &random) }
            let number = Int.random(in: 0..<6000, using: &random)
            let key = FlowKey(
                client: number % 2 == 0 ? IPAddress(v4: UInt32(number)) : IPAddress(v6: 1, UInt64(number)), port: 5,
                transport: .udp, service: UInt16(number % 2), mode: .oneWay)
            let hash = table.hash(key)
            let position = table.find(key, hash: hash, candidate: table.candidate(hash), now: time)
            let expected = model[number].flatMap { $0.deadline > now ? $0.position : nil }
            if position != expected { wrong += 1 }
            if let position {
                table.restart(position, as: .datagrams, now: time)
                model[number] = (now + timeout, position)
            } else {
                model[number] = nil
                let outcome = table.insert(
                    key, hash: hash, backend: 1, state: .datagrams, mode: .oneWay, now: time)
                if case .inserted(let position) = outcome {
                    model[number] = (now + timeout, position)
                } else {
                    full += 1
                    if table.counts.active != shape.flows { wrong += 1 }
                }
            }
            table.expire(now: time, budget: 4)
        }
        _ = table.expire(now: time, budget: .max)
        model = model.filter { $0.value.deadline > now }
        #expect(wrong == 0 && full > 0)
        #expect(table.counts.active == model.count && table.counts(ofBackend: 1).datagrams == model.count)
    }
}
