import Foundation
import Synchronization
import Testing

@testable import PacketForwarding

struct EngineStatisticsTests {
    private let client = Frames.clientEnd()
    private let service = Frames.serviceEnd()

    @Test func countsPacketsAndBytesOfBothDirections() throws {
        var lab = try EngineLab([EngineLab.service(.nat)])
        let statistics = lab.engine.statistics
        let open = Frames.segment(client, service, .syn)
        let answer = Frames.segment(Frames.backendEnd(1), client, [.syn, .ack])
        #expect(lab.process(open).verdict == .send)
        #expect(lab.process(answer).verdict == .send)
        #expect(lab.process(Frames.segment(client, service, .ack)).verdict == .send)
        let snapshot = statistics.snapshot()
        #expect(snapshot.received.packets == 3)
        #expect(snapshot.received.bytes == UInt64(3 * open.count))
        #expect(snapshot.sent == 3)
        let web = try #require(snapshot.services.first)
        #expect(web.name == "web")
        #expect(web.sent == ForwardingSnapshot.Traffic(packets: 2, bytes: UInt64(2 * open.count)))
        #expect(web.returned == ForwardingSnapshot.Traffic(packets: 1, bytes: UInt64(answer.count)))
        #expect(web.backends.map(\.sent.packets) == [2, 0])
        #expect(web.backends.map(\.returned.packets) == [1, 0])
        #expect(web.backends.map(\.flows.established) == [1, 0])
    }

    @Test func countsFlowsThatBeginExpireAndGiveWay() throws {
        var service = EngineLab.service(.nat)
        service.timeouts.tcpHandshake = 10
        var lab = try EngineLab([service], limits: ForwardingLimits(flows: 2))
        let statistics = lab.engine.statistics
        for port in 1...3 as ClosedRange<UInt16> {
            _ = lab.process(Frames.segment(Frames.clientEnd(port), self.service, .syn), at: 1)
        }
        var snapshot = statistics.snapshot()
        #expect(snapshot.flows.halfOpen == 2)
        #expect(snapshot.flows.opened == 3)
        #expect(snapshot.flows.evicted == 1)
        #expect(snapshot.flowLimit == 2)
        #expect(snapshot.occupancy == 1)
        lab.engine.poll(at: EngineLab.time(12))
        snapshot = statistics.snapshot()
        #expect(snapshot.flows.expired == 2)
        #expect(snapshot.flows.active == 0)
        #expect(snapshot.occupancy == 0)
        #expect(snapshot.services[0].flows == snapshot.flows)
        #expect(snapshot.services[0].backends.map(\.flows.opened) == [2, 1])
        #expect(snapshot.services[0].backends.map(\.flows.evicted) == [1, 0])
    }

    /// What an engine counted is added to what the one after it counts; what there is counts once.
    @Test func totalsAreWhatOnlyGrows() throws {
        var service = EngineLab.service(.fullNAT)
        service.flows = 9
        var snapshots: [ForwardingSnapshot] = []
        for count in [3, 2] as [UInt16] {
            var lab = try EngineLab([service])
            for port in 1...count { _ = lab.process(Frames.segment(Frames.clientEnd(port), self.service, .syn)) }
            _ = lab.process(Frames.segment(client, self.service, .rst))
            snapshots.append(lab.engine.statistics.snapshot())
        }
        var sum = snapshots[1]
        sum.merge(snapshots[0].totals)
        #expect(sum.received.packets == 7 && sum.sent == 5 && sum.drops == [.noFlow: 2])
        #expect(sum.flows.opened == 5 && sum.flows.active == 2 && sum.flowLimit == snapshots[1].flowLimit)
        #expect(sum.services[0].flows == sum.flows && sum.services[0].flowLimit == 9)
        #expect(sum.services[0].backends.map(\.sent.packets) == [3, 2])
        #expect(sum.services[0].backends.map(\.sourcePorts) == snapshots[1].services[0].backends.map(\.sourcePorts))
    }

    @Test func countsDropsByReasonAndAnswers() throws {
        var service = EngineLab.service(.nat)
        service.resetOnFailure = true
        var lab = try EngineLab([service])
        var malformed = Frames.segment(client, self.service, .syn)
        malformed[24] ^= 1
        _ = lab.process(malformed)
        _ = lab.process(Frames.segment(client, self.service, .rst))
        let stray = lab.process(Frames.segment(client, self.service, .ack))
        #expect(stray.verdict == .answer(.noFlow))
        _ = lab.process(Frames.segment(client, Endpoint(self.service.address, 81), .syn))
        let snapshot = lab.engine.statistics.snapshot()
        #expect(snapshot.drops == [.malformed: 1, .noFlow: 2])
        #expect(snapshot.answered == 1)
        #expect(snapshot.passed == 1)
        #expect(snapshot.sent == 0)
        #expect(snapshot.services[0].drops == [.noFlow: 2])
        #expect(snapshot.services[0].answered == 1)
    }

    /// A frame that waited counts once as one that came, and once as one that was dropped.
    @Test(
        arguments: [
            (isKnown: false, isDown: false, tries: 3, verdict: .drop(.noNeighbour), sent: 0, answered: 0),
            (true, false, 1, .send, 1, 0), (true, true, 1, .answer(.noBackend), 0, 1),
        ] as [(Bool, Bool, Int, Verdict, UInt64, UInt64)])
    func aFrameThatIsHandledAgainCountsOnce(
        isKnown: Bool, isDown: Bool, tries: Int, verdict: Verdict, sent: UInt64, answered: UInt64
    ) throws {
        var web = EngineLab.service(.nat, backends: 1)
        web.backends[0].address = IPAddress(v4: 0x0A00_0063)
        web.resetOnFailure = true
        var lab = try EngineLab([web])
        let open = Frames.segment(client, service, .syn)
        #expect(lab.process(open).verdict == .drop(.noNeighbour))
        if isKnown {
            let mac = MACAddress(bits: 0x0200_0000_0063)
            lab.control.learn([NeighbourConfiguration(address: web.backends[0].address, mac: mac, interface: "eth0")])
        }
        if isDown { lab.control.set(.down, backend: "b1", of: "web") }
        for _ in 0..<tries { #expect(lab.process(open, again: true).verdict == verdict) }
        let snapshot = lab.engine.statistics.snapshot()
        #expect(snapshot.received == ForwardingSnapshot.Traffic(packets: 1, bytes: UInt64(open.count)))
        #expect(snapshot.drops == [.noNeighbour: 1] && snapshot.services[0].drops == snapshot.drops)
        #expect((snapshot.sent, snapshot.recovered, snapshot.services[0].sent.packets) == (sent, sent, sent))
        #expect((snapshot.answered, snapshot.services[0].answered) == (answered, answered))
        var sum = ForwardingSnapshot(merging: [snapshot, snapshot])
        sum.merge(snapshot.totals)
        #expect(sum.recovered == 3 * sent)
        #expect(sum.received.packets + sum.recovered == sum.sent + sum.passed + sum.drops.values.reduce(0, +))
    }

    @Test func tellsHowManySourcePortsAreInUse() throws {
        var lab = try EngineLab([EngineLab.service(.fullNAT, backends: 1)])
        for port in 1...11 as ClosedRange<UInt16> {
            _ = lab.process(Frames.segment(Frames.clientEnd(port), service, .syn))
        }
        let snapshot = lab.engine.statistics.snapshot()
        let ports = snapshot.services[0].backends[0].sourcePorts
        #expect(ports == ForwardingSnapshot.SourcePortUse(used: 10, available: 10))
        #expect(snapshot.drops == [.noPort: 1])
    }

    /// Each worker has source addresses of its own; all together have all of them.
    @Test func workersShareTheSourcePorts() throws {
        var service = EngineLab.service(.fullNAT, backends: 1)
        service.sourceAddresses = (0..<3).map { IPAddress(v4: 0x0A00_0064 + $0) }
        let control = try ForwardingControl(EngineLab.configuration([service]))
        let snapshots = (0..<2).map { worker in
            let engine = ForwardingEngine(control, worker: WorkerNumber(worker, of: 2), now: EngineLab.time(0))
            return engine.statistics.snapshot()
        }
        #expect(snapshots.compactMap { $0.services[0].backends[0].sourcePorts?.available }.sorted() == [10, 20])
        let both = ForwardingSnapshot(merging: snapshots)
        #expect(both.services[0].backends[0].sourcePorts?.available == 30)
    }

    @Test func workersAddUp() throws {
        var first = try EngineLab([EngineLab.service(.nat)])
        var second = try EngineLab([EngineLab.service(.nat), EngineLab.service(.dsr, name: "dns", transport: .udp)])
        _ = first.process(Frames.segment(client, service, .syn))
        _ = second.process(Frames.segment(client, service, .syn))
        _ = second.process(Frames.datagram(client, service))
        _ = second.process(Frames.segment(client, service, .rst))
        let both = ForwardingSnapshot(
            merging: [first.engine.statistics.snapshot(), second.engine.statistics.snapshot()])
        #expect(both.received.packets == 4)
        #expect(both.flowLimit == 2_048)
        #expect(both.services.map(\.name) == ["web", "dns"])
        #expect(both.services[0].backends.map(\.sent.packets) == [3, 0])
        #expect(both.services[0].flows.opened == 2)
        #expect(both.services[1].flows.datagrams == 1)
        let decoded = try JSONDecoder().decode(ForwardingSnapshot.self, from: JSONEncoder().encode(both))
        #expect(decoded == both)
    }

    @Test func aRemovedBackendThatWasOfUseStaysInTheCounts() throws {
        var lab = try EngineLab([EngineLab.service(.dsr, backends: 3)])
        for port in 1...2 as ClosedRange<UInt16> {
            _ = lab.process(Frames.segment(Frames.clientEnd(port), service, .syn))
        }
        try lab.control.update(EngineLab.configuration([EngineLab.service(.dsr, backends: 0)]))
        let web = try #require(lab.engine.statistics.snapshot().services.first)
        #expect(web.backends.map(\.name) == ["b1", "b2"])
        #expect(web.backends.map(\.state) == [.down, .down])
        #expect(web.sent.packets == 2)
    }

    private final class Flag: Sendable {
        let isDone = Atomic(false)
    }

    /// What one thread counts another one reads meanwhile: counts only grow, and end where they should.
    @Test func anotherThreadReadsWhilePacketsFlow() async throws {
        var lab = try EngineLab([EngineLab.service(.dsr)])
        let statistics = lab.engine.statistics
        let flag = Flag()
        let reader = Task.detached {
            var last: UInt64 = 0
            repeat {
                let snapshot = statistics.snapshot()
                #expect(snapshot.received.packets >= last)
                #expect(snapshot.flows.active <= 1_024)
                last = snapshot.received.packets
            } while !flag.isDone.load(ordering: .acquiring)
        }
        let count: UInt64 = 2_000
        for number in 0..<count {
            _ = lab.process(Frames.segment(Frames.clientEnd(UInt16(number + 1)), service, .syn))
        }
        flag.isDone.store(true, ordering: .releasing)
        await reader.value
        #expect(statistics.snapshot().received.packets == count)
    }
}

struct EndpointTextTests {
    @Test(arguments: ["192.0.2.1:80", "[2001:db8::1]:443", "0.0.0.0:0"])
    func readsWhatItWrites(text: String) throws {
        #expect(try #require(Endpoint(text)).description == text)
    }

    @Test(arguments: [
        "192.0.2.1", "2001:db8::1:80", "[192.0.2.1]:80", "192.0.2.1:+8", "192.0.2.1:65536", ":80", "[]:1",
    ])
    func refusesAnythingElse(text: String) {
        #expect(Endpoint(text) == nil)
    }
}
