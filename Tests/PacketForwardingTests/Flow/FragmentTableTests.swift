import LoadBalancing
import Testing

@testable import PacketForwarding

@Suite struct FragmentTableTests {
    private func route(_ number: UInt32) -> FragmentRoute {
        FragmentRoute(
            isToBackend: number % 2 == 0, service: UInt16(truncatingIfNeeded: number &* 3), backend: number,
            client: number % 3 == 0 ? IPAddress(v4: number) : IPAddress(v6: UInt64(number), 5),
            source: FlowSource(address: UInt16(truncatingIfNeeded: number), port: 9), flowHash: UInt64(number) &* 77)
    }

    private func key(_ number: UInt32) -> FragmentKey {
        number % 2 == 0
            ? FragmentKey(
                source: IPAddress(v4: number / 8), destination: IPAddress(v4: 1), identification: number / 4 % 2,
                transport: number / 2 % 2 == 0 ? .tcp : .udp)
            : FragmentKey(
                source: IPAddress(v6: 1, UInt64(number / 8)), destination: IPAddress(v6: 2, 3),
                identification: number / 2 % 4, transport: .udp)
    }

    @Test func laterFragmentsFollowTheFirstUntilItsTimeIsOver() {
        var table = FragmentTable(datagrams: 8, secret: SipKey(1, 2))
        let start = FlowTime(ticks: 0xFFFF_FFF0)
        var found = table.route(key(1), now: start)
        #expect(found == nil)
        table.note(key(1), route(1), timeout: FlowTimeout(ticks: 100), now: start)
        for tick in 0..<120 as Range<UInt32> {
            found = table.route(key(1), now: FlowTime(ticks: start.ticks &+ tick))
            #expect(found == (tick < 100 ? route(1) : nil))
            found = table.route(key(2), now: FlowTime(ticks: start.ticks &+ tick))
            #expect(found == nil)
        }
    }

    @Test func ofIPv4TheProtocolTellsDatagramsApart() {
        func key(_ transport: IPProtocol, _ source: IPAddress) -> FragmentKey {
            FragmentKey(source: source, destination: source, identification: 1, transport: transport)
        }
        let (v4, v6) = (IPAddress(v4: 1), IPAddress(v6: 1, 1))
        #expect(key(.tcp, v4) != key(.udp, v4))
        #expect(key(.tcp, v6) == key(.udp, v6))
    }

    @Test(arguments: 0..<20 as Range<UInt64>)
    func theOldestDatagramsGiveWay(seed: UInt64) {
        var random = Noise(seed: seed)
        let capacity = [1, 3, 40][Int(seed % 3)]
        var table = FragmentTable(datagrams: capacity, secret: SipKey(seed, 1))
        // Keys in the order of their first fragments, with route and end.
        var model: [(key: FragmentKey, route: FragmentRoute, deadline: Int)] = []
        var now = Int(UInt32.max) - 5000
        var time: FlowTime { FlowTime(ticks: UInt32(truncatingIfNeeded: now)) }
        for _ in 0..<3000 {
            now += Int.random(in: 0..<20, using: &random)
            let number = UInt32.random(in: 0..<UInt32(capacity * 3), using: &random)
            if Bool.random(using: &random) {
                let timeout = FlowTimeout(ticks: UInt32.random(in: 1..<500, using: &random))
                let entry = (key(number), route(UInt32(now & 0xFFFF)), now + Int(timeout.ticks))
                table.note(entry.0, entry.1, timeout: timeout, now: time)
                for _ in 0..<2 where model.first.map({ $0.deadline <= now }) == true { model.removeFirst() }
                if let index = model.firstIndex(where: { $0.key == entry.0 }) {
                    model[index] = entry
                } else {
                    if model.count == capacity { model.removeFirst() }
                    model.append(entry)
                }
            }
            let found = table.route(key(number), now: time)
            let expected = model.first { $0.key == key(number) && $0.deadline > now }
            #expect(found == expected?.route, "seed \(seed)")
        }
    }
}
