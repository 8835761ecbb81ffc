import Foundation
import LoadBalancing
import Synchronization
import Testing

@testable import PacketForwarding

/// What control says while engines work on other threads.
struct ForwardingControlTests {
    private static let workers = 3
    private static let packets: UInt64 = 1_000

    /// Four services of several modes and schedulers; the last one comes and goes, as do backends of all.
    private static func configuration(backends: Int, services: Int = 4) throws -> ForwardingConfiguration {
        var all = [
            EngineLab.service(.dsr, backends: backends, name: "dsr", scheduler: .maglev),
            EngineLab.service(.nat, backends: backends, name: "nat", scheduler: .policy(.leastConnections)),
            EngineLab.service(.fullNAT, backends: backends, name: "full", scheduler: .policy(.rendezvous)),
            EngineLab.service(.ipip, backends: backends, name: "ipip", scheduler: .policy(.memento)),
        ]
        for index in all.indices {
            let port = UInt16(80 + index)
            all[index].port = port
            for backend in all[index].backends.indices { all[index].backends[backend].port = port }
        }
        // Small ones, which are made in no time.
        (all[0].tableSize, all[1].tableSize) = (251, 251)
        all[2].sourceAddresses = (0..<UInt32(workers)).map { IPAddress(v4: 0x0A00_0064 + $0) }
        return try EngineLab.configuration(Array(all.prefix(services)), limits: ForwardingLimits(flows: 4_096))
    }

    /// A segment of one of many clients to one of the services.
    private static func packet(_ number: UInt64, _ random: inout Noise) -> [UInt8] {
        let client = Frames.clientEnd(UInt16(1_024 + random.next() % 2_000))
        let service = Endpoint(Frames.service4, UInt16(80 + number % 4))
        return Frames.segment(client, service, [.syn, .syn, .ack, [.fin, .ack], .rst][Int(random.next() % 5)])
    }

    /// A worker's part: packets until control has said its last word, and some that go by it.
    private static func work(_ control: ForwardingControl, as worker: Int, _ meeting: Meeting) -> Outcome {
        let engine = ForwardingEngine(
            control, capacity: EngineCapacity(services: 16, backends: 128, fragments: 16, sourceGroups: 64),
            worker: WorkerNumber(worker, of: workers), secret: SipKey(1, 2), now: EngineLab.time(0))
        var lab = EngineLab(control, engine)
        var random = Noise(seed: UInt64(worker))
        var outcome = Outcome()
        while outcome.count < packets || !meeting.finish.load(ordering: .acquiring) {
            _ = lab.process(packet(outcome.count, &random), at: Double(outcome.count) / 1_000)
            if outcome.count % 64 == 0 { _ = lab.poll(at: Double(outcome.count) / 1_000) }
            outcome.count += 1
        }
        for number in 0..<500 as Range<UInt64> {
            let sent = lab.process(packet(4 * number, &random), at: Double(outcome.count) / 1_000).sent
            for frame in sent { outcome.stations.insert(frame[5]) }
        }
        outcome.count += 500
        outcome.snapshot = lab.engine.statistics.snapshot()
        return outcome
    }

    /// What a worker has to say at its end.
    private struct Outcome {
        var count: UInt64 = 0
        /// Who got a packet of the first service when all was said: the last bytes of their addresses.
        var stations: Set<UInt8> = []
        var snapshot = ForwardingSnapshot()
    }

    /// What the threads share.
    private final class Meeting: Sendable {
        let finish = Atomic(false)
        let outcomes = Guarded<[Outcome]>([])
        let done = DispatchGroup()
    }

    @Test func enginesWorkOnWhileControlIsTold() throws {
        let control = try ForwardingControl(Self.configuration(backends: 5))
        let meeting = Meeting()
        for worker in 0..<Self.workers {
            meeting.done.enter()
            Thread {
                let outcome = Self.work(control, as: worker, meeting)
                meeting.outcomes.withLock { $0.append(outcome) }
                meeting.done.leave()
            }.start()
        }
        for round in 0..<20 {
            control.set([.down, .draining, .up][round % 3], backend: "b\(round % 5 + 1)", of: "dsr")
            control.setWeight(round % 4, backend: "b2", of: "nat")
            control.learn([
                NeighbourConfiguration(
                    address: IPAddress(v4: 0x0A00_0050 + UInt32(round)), mac: MACAddress(bits: 0x0200_0000_0050),
                    interface: "eth0")
            ])
            // Refused as long as those that were removed, and still have flows, take the room that engines have.
            try? control.update(Self.configuration(backends: 2 + round % 5, services: 3 + round % 2))
        }
        try? control.update(Self.configuration(backends: 5))
        for backend in 2...5 { control.set(.down, backend: "b\(backend)", of: "dsr") }
        control.set(.up, backend: "b1", of: "dsr")
        meeting.finish.store(true, ordering: .releasing)
        meeting.done.wait()
        let outcomes = meeting.outcomes.withLock { $0 }
        #expect(outcomes.count == Self.workers)
        for outcome in outcomes {
            #expect(outcome.stations == [11])
            let snapshot = outcome.snapshot
            #expect(snapshot.received.packets == outcome.count)
            #expect(outcome.count == snapshot.sent + snapshot.passed + snapshot.drops.values.reduce(0, +))
        }
    }
}
