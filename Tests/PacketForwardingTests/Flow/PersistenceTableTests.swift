import LoadBalancing
import Testing

@testable import PacketForwarding

struct PersistenceTableTests {
    private let timeout = FlowTimeout(.seconds(10))

    private func time(_ seconds: UInt32) -> FlowTime { FlowTime(ticks: seconds * 256) }

    private func prefix(_ number: UInt32) -> IPAddress { IPAddress(v4: number << 8) }

    @Test func remembersUntilTheTimeIsOver() {
        var table = PersistenceTable(prefixes: 4, secret: SipKey(1, 2))
        table.note(7, of: prefix(1), service: 3, timeout: timeout, now: time(0))
        #expect(table.backend(of: prefix(1), service: 3, now: time(9)) == 7)
        #expect(table.backend(of: prefix(1), service: 3, now: time(10)) == nil)
        #expect(table.backend(of: prefix(1), service: 2, now: time(0)) == nil)
        #expect(table.backend(of: prefix(2), service: 3, now: time(0)) == nil)
        table.note(8, of: prefix(1), service: 3, timeout: timeout, now: time(5))
        #expect(table.backend(of: prefix(1), service: 3, now: time(14)) == 8)
        #expect(table.count == 1)
        table.expire(now: time(14), budget: 9)
        #expect(table.count == 1)
        table.expire(now: time(15), budget: 9)
        #expect(table.count == 0)
    }

    @Test func whoCameLongestAgoGivesWay() {
        var table = PersistenceTable(prefixes: 3, secret: SipKey(1, 2))
        for number in 1...3 as ClosedRange<UInt32> {
            table.note(number, of: prefix(number), service: 0, timeout: timeout, now: time(0))
        }
        table.note(1, of: prefix(1), service: 0, timeout: timeout, now: time(1))
        table.note(4, of: prefix(4), service: 0, timeout: timeout, now: time(2))
        let known = (1...4).filter { table.backend(of: prefix(UInt32($0)), service: 0, now: time(2)) != nil }
        #expect(known == [1, 3, 4])
        #expect(table.count == 3)
    }

    /// Against a plain list of the same rules.
    @Test(arguments: 0..<20 as Range<UInt64>)
    func doesWhatAListWould(seed: UInt64) {
        var random = SeededGenerator(seed: seed)
        var table = PersistenceTable(prefixes: 5, secret: SipKey(seed, 2))
        var list: [(prefix: UInt32, service: UInt16, backend: UInt32, end: UInt32)] = []
        for step in 0..<500 as Range<UInt32> {
            let now = step / 4
            let number = UInt32.random(in: 0..<6, using: &random)
            let service = UInt16.random(in: 0..<2, using: &random)
            let known = list.first { $0.prefix == number && $0.service == service && $0.end > now }?.backend
            #expect(
                table.backend(of: prefix(number), service: service, now: time(now)) == known, "seed \(seed), \(step)")
            if Bool.random(using: &random) {
                list.removeAll { $0.prefix == number && $0.service == service }
                if list.count == 5 { list.removeFirst() }
                list.append((number, service, step, now + 10))
                table.note(step, of: prefix(number), service: service, timeout: timeout, now: time(now))
            } else if step % 7 == 0 {
                list.removeAll { $0.end <= now }
                table.expire(now: time(now), budget: 9)
            }
            #expect(table.count == list.count)
        }
    }
}
