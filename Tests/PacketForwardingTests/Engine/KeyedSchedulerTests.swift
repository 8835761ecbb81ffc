import LoadBalancing
import Testing

@testable import PacketForwarding

/// Schedulers that go by a hash of the packet: where it leads is the same with a flow and without one.
struct KeyedSchedulerTests {
    static let keyed: [SchedulerName] =
        [.maglev, .sourceHash] + PolicyName.allCases.filter(\.isKeyed).map { .policy($0) }

    /// Clients of as many addresses.
    private static let clients = (0..<60 as Range<UInt16>).map {
        Endpoint(IPAddress(v4: 0xC633_6400 + UInt32($0)), 30_000 + 7 * $0)
    }

    private static func service(_ scheduler: SchedulerName, backends: Int = 5) -> ServiceConfiguration {
        EngineLab.service(.dsr, backends: backends, scheduler: scheduler)
    }

    /// The backends, by their numbers, that a packet of each client goes to.
    private static func choices(_ lab: inout EngineLab, _ flags: TCPFlags, at seconds: Double = 0) throws -> [UInt64] {
        try clients.map { client in
            let packet = Frames.segment(client, Frames.serviceEnd(), flags)
            let explained = lab.explain(packet, at: seconds).backend
            let sent = try #require(lab.process(packet, at: seconds).sent.first)
            let number = try link(of: sent).destination.bits & 0xFF - 10
            #expect(explained == "b\(number)")
            return number
        }
    }

    @Test(arguments: keyed, [BackendState.up, .draining, .down])
    func packetsWithoutAFlowGoWhereItsFirstOneWent(scheduler: SchedulerName, state: BackendState) throws {
        func lab(flows: Int = 1_024) throws -> EngineLab {
            let lab = try EngineLab([Self.service(scheduler)], limits: ForwardingLimits(flows: flows))
            lab.control.set(state, backend: "b2", of: "web")
            return lab
        }
        var first = try lab()
        let opened = try Self.choices(&first, .syn)
        #expect(Set(opened) == (state == .up ? [1, 2, 3, 4, 5] : [1, 3, 4, 5]))
        // The same engine has forgotten the flows, another one never knew them, or has no room for more.
        #expect(try Self.choices(&first, .ack, at: 10_000) == opened)
        for flags in [.ack, [.fin, .ack], .rst] as [TCPFlags] {
            var other = try lab()
            #expect(try Self.choices(&other, flags) == opened)
        }
        var full = try lab(flows: 1)
        #expect(try Self.choices(&full, .syn) == opened)
    }

    /// A backend that takes no flows is passed over; nobody else's change.
    @Test(arguments: keyed)
    func onlyTheFlowsOfWhoIsDownMove(scheduler: SchedulerName) throws {
        var whole = try EngineLab([Self.service(scheduler)])
        var lab = try EngineLab([Self.service(scheduler)])
        lab.control.set(.down, backend: "b4", of: "web")
        for (before, after) in zip(try Self.choices(&whole, .syn), try Self.choices(&lab, .syn)) {
            #expect(before == 4 ? after != 4 : after == before)
        }
    }

    /// Whoever has the same backends now chooses alike, whatever they were before.
    @Test(arguments: keyed.filter(\.isStateless))
    func statelessOnesHaveNoHistory(scheduler: SchedulerName) throws {
        var lab = try EngineLab([Self.service(scheduler)])
        var other = try EngineLab([Self.service(scheduler, backends: 9)])
        try other.control.update(EngineLab.configuration([Self.service(scheduler, backends: 3)]))
        try other.control.update(EngineLab.configuration([Self.service(scheduler)]))
        #expect(try Self.choices(&lab, .syn) == Self.choices(&other, .ack))
    }

    /// Memento's history: whoever stays keeps its flows, where a table of the set alone would move some.
    @Test func mementoMovesNoneBetweenThoseThatStay() throws {
        let name = SchedulerName.policy(.memento)
        #expect(!name.isStateless)
        var lab = try EngineLab([Self.service(name)])
        let before = try Self.choices(&lab, .syn)
        var without = Self.service(name)
        without.backends.remove(at: 1)
        try lab.control.update(EngineLab.configuration([without]))
        for (before, after) in zip(before, try Self.choices(&lab, .ack, at: 10_000)) where before != 2 {
            #expect(after == before)
        }
    }

    /// A name stands for the core's policy with its defaults, over names, addresses and ports.
    @Test(
        arguments: [
            (.maglev, MaglevPolicy()), (.policy(.maglev), MaglevPolicy()), (.policy(.staticHash), StaticHashPolicy()),
            (.policy(.rendezvous), RendezvousPolicy()), (.policy(.jumpHash), JumpHashPolicy()),
            (.policy(.multiProbe), MultiProbePolicy()), (.policy(.ringHash), RingHashPolicy()),
        ] as [(SchedulerName, any ConsistentHashPolicy)])
    func aNameIsThatPolicy(scheduler: SchedulerName, policy: any ConsistentHashPolicy) throws {
        let service = Self.service(scheduler)
        func choice(_ policy: some ConsistentHashPolicy, _ hash: UInt64) -> Int? {
            let names = (1...5).map { WeightedName("b\($0) 10.0.0.\($0 + 10) 80") }
            return policy.makeTable(for: names, replacing: nil).backend(for: hash)
        }
        var lab = try EngineLab([service])
        for client in Self.clients {
            let explanation = lab.explain(Frames.segment(client, Frames.serviceEnd(), .syn))
            let index = choice(policy, try #require(explanation.hash))
            #expect(explanation.backend == index.map { "b\($0 + 1)" })
            #expect((explanation.row != nil) == (policy is MaglevPolicy))
        }
    }

    /// A table whose rows are named keeps nearly all hashes where they are when it outgrows what it would have had.
    @Test(arguments: [(tableSize: nil, kept: 0..<0.1), (655_373, 0.9..<1)] as [(Int?, Range<Double>)])
    func aNamedSizeOutlivesTheHundredthBackend(tableSize: Int?, kept: Range<Double>) {
        func table(_ count: Int) -> ServiceTable {
            var service = Self.service(.maglev)
            service.tableSize = tableSize
            service.backends = (0..<count).map {
                BackendConfiguration(name: "b\($0)", address: IPAddress(v4: 0x0A00_0000 + UInt32($0)), port: 80)
            }
            return ServiceTable(service, replacing: nil)
        }
        let (before, after) = (table(100), table(101))
        var random = SeededGenerator(seed: 1)
        let count = 2_000
        let same = (0..<count).count { _ in
            let hash = random.next()
            return before.backend(for: hash) { _ in true } == after.backend(for: hash) { _ in true }
        }
        #expect(kept.contains(Double(same) / Double(count)))
    }

    @Test func aWeightThatTheSchedulerCannotDoWithIsRefused() throws {
        let control = try ForwardingControl(
            EngineLab.configuration([Self.service(.policy(.jumpHash)), EngineLab.service(.dsr, .v6, name: "other")]))
        #expect(!control.setWeight(1 << 23, backend: "b1", of: "web"))
        #expect(control.setWeight(1 << 10, backend: "b1", of: "web"))
        #expect(control.setWeight(1 << 23, backend: "b1", of: "other"))
        #expect(control.configuration.services.map { $0.backends[0].weight } == [1 << 10, 1 << 23])
    }
}
