import Foundation
import LoadBalancing
import Testing

@testable import PacketForwarding

/// Numbers go to others when nobody has flows of those who had them, and not before.
@Suite struct ForwardingNumbersTests {
    private static let capacity = EngineCapacity(
        services: 8, backends: 40, fragments: 16, sourceGroups: 60, persistentPrefixes: 16)
    private static let turns = 100
    private static let limits = ForwardingLimits(flows: 256)

    private static func configuration(_ services: [ServiceConfiguration]) throws -> ForwardingConfiguration {
        try EngineLab.configuration(services, limits: limits)
    }

    /// Who a flow's numbers stand for.
    private struct Ends: Hashable {
        let service: String
        let backend: String
        let endpoint: Endpoint
    }

    /// Whom an engine's flows are with, by what they are known by.
    private func ends(_ lab: borrowing EngineLab) -> [FlowKey: Ends] {
        var ends: [FlowKey: Ends] = [:]
        var cursor: UInt32? = 0
        var budget = Int.max
        let plan = lab.engine.plan
        while let position = lab.engine.table.nextFlow(from: &cursor, budget: &budget) {
            let flow = lab.engine.table.flow(at: position)
            let backend = plan.backends[Int(flow.backend)]
            ends[flow.key] = Ends(
                service: plan.services[Int(flow.key.service)].name, backend: backend.name, endpoint: backend.endpoint)
        }
        return ends
    }

    /// Services whose members come and go: nobody comes back.
    private struct Churn {
        let mode: ServiceMode
        var random: Noise
        var services: [ServiceConfiguration] = []
        /// How many backends there have been.
        var count = 0

        init(_ mode: ServiceMode, seed: UInt64) {
            self.mode = mode
            random = Noise(seed: seed)
            for number in 0..<2 { services.append(service(number)) }
        }

        private mutating func service(_ number: Int) -> ServiceConfiguration {
            var service = EngineLab.service(mode, backends: 0, name: "service \(count)", transport: .udp)
            service.port = 80 + UInt16(number)
            service.timeouts.udp = 30
            for _ in 0..<3 { service.backends.append(backend(of: service)) }
            return service
        }

        private mutating func backend(of service: ServiceConfiguration) -> BackendConfiguration {
            count += 1
            let isTranslated = mode == .nat || mode == .fullNAT
            var address = EngineLab.backendAddress(1 + count % 20, .v4)
            for step in 1..<20 where service.backends.contains(where: { $0.address == address }) {
                address = EngineLab.backendAddress(1 + (count + step) % 20, .v4)
            }
            return BackendConfiguration(
                name: "b\(count)", address: address,
                port: isTranslated ? 1_024 + UInt16(count % 50_000) : service.port ?? 80)
        }

        mutating func next() {
            let index = Int.random(in: 0...1, using: &random)
            if Int.random(in: 0..<8, using: &random) == 0 {
                services[index] = service(index)
            } else {
                let place = Int.random(in: 0...2, using: &random)
                services[index].backends[place] = backend(of: services[index])
            }
        }
    }

    /// Has some clients send.
    private func send(_ lab: inout EngineLab, _ random: inout Noise, at seconds: Double) -> Int {
        (0..<4).count { _ in
            let client = Frames.clientEnd(UInt16.random(in: 40_000..<40_040, using: &random))
            let service = Endpoint(Frames.service(.v4), UInt16.random(in: 80...81, using: &random))
            return lab.process(Frames.datagram(client, service), at: seconds).verdict == .send
        }
    }

    @Test(
        "Hundreds of changes find room as long as those that are there have some, and move no flow",
        arguments: [ServiceMode.nat, .fullNAT, .dsr])
    func churn(mode: ServiceMode) throws {
        var churn = Churn(mode, seed: 1)
        var lab = EngineLab(try ForwardingControl(Self.configuration(churn.services)), capacity: Self.capacity)
        var sent = 0
        for turn in 0..<Self.turns {
            let time = Double(turn) * 8
            _ = lab.poll(at: time, budget: 1_000)
            sent += send(&lab, &churn.random, at: time)
            let before = ends(lab)
            churn.next()
            try lab.control.update(Self.configuration(churn.services))
            _ = lab.poll(at: time)
            let after = ends(lab)
            for (key, ends) in after { #expect(before[key] == ends, "turn \(turn)") }
            #expect(after.count == before.count, "turn \(turn)")
            guard mode == .fullNAT else { continue }
            expectOwnSources(lab, turn: turn)
        }
        #expect(churn.count > 2 * Self.capacity.backends)
        #expect(sent == 4 * Self.turns)
        let isOutgrown = lab.engine.isOutgrown
        #expect(!isOutgrown)
    }

    private func expectOwnSources(_ lab: borrowing EngineLab, turn: Int) {
        var sources: Set<[UInt64]> = []
        var cursor: UInt32? = 0
        var budget = Int.max
        while let position = lab.engine.table.nextFlow(from: &cursor, budget: &budget) {
            let flow = lab.engine.table.flow(at: position)
            let end = lab.engine.plan.backends[Int(flow.backend)].endpoint
            let isNew = sources.insert([
                UInt64(flow.source.address), UInt64(flow.source.port), end.address.low, UInt64(end.port),
            ]).inserted
            #expect(isNew, "turn \(turn)")
        }
    }

    @Test(
        "Whoever goes on with the flows after many changes has them with the same backends",
        arguments: [ServiceMode.nat, .fullNAT, .dsr])
    func handover(mode: ServiceMode) throws {
        var churn = Churn(mode, seed: 3)
        let control = try ForwardingControl(Self.configuration(churn.services))
        let memory = LentMemory(byteCount: ForwardingEngine.flowByteCount(control, capacity: Self.capacity))
        var lab = EngineLab(
            control,
            try unsafe ForwardingEngine(
                formatting: memory.buffer, control, capacity: Self.capacity, now: EngineLab.time(0)))
        for turn in 0..<60 {
            let time = Double(turn) * 8
            _ = lab.poll(at: time, budget: 1_000)
            #expect(send(&lab, &churn.random, at: time) == 4)
            churn.next()
            let configuration = try Self.configuration(churn.services)
            let promise = try lab.control.members(with: configuration)
            try lab.control.update(configuration)
            #expect(lab.control.members == promise)
            _ = lab.poll(at: time)
            guard turn % 20 == 19 else { continue }
            let before = ends(lab)
            let data = try JSONEncoder().encode(promise)
            #expect(data.count < 40_000)
            let members = try JSONDecoder().decode(ForwardingMembers.self, from: data)
            #expect(members == promise)
            let next = try ForwardingControl(configuration, members: members)
            lab = EngineLab(
                next,
                try unsafe ForwardingEngine(
                    attachingTo: memory.buffer, next, capacity: Self.capacity, now: EngineLab.time(time)))
            #expect(ends(lab) == before)
            #expect(before.count > 4)
        }
        withExtendedLifetime(memory) {}
    }

    /// A service with one backend, and engines that know it.
    private static func service(_ backend: String) -> ServiceConfiguration {
        var service = EngineLab.service(.dsr, backends: 1, transport: .udp)
        service.backends[0].name = backend
        service.timeouts.udp = 30
        return service
    }

    @Test func aNumberWaitsForAllEngines() throws {
        let control = try ForwardingControl(Self.configuration([Self.service("a")]))
        var one = EngineLab(control, capacity: Self.capacity)
        var two = EngineLab(control, capacity: Self.capacity)
        func number(of name: String) -> Int? { control.plan.backends.firstIndex { $0.name == name } }
        func update(_ name: String) throws { try control.update(Self.configuration([Self.service(name)])) }
        #expect(two.process(Frames.datagram(Frames.clientEnd(), Frames.serviceEnd())).verdict == .send)
        try update("b")
        _ = one.poll(at: 0)
        try update("c")
        // The second engine has not looked, and then still has a flow.
        #expect([number(of: "a"), number(of: "b"), number(of: "c")] == [0, 1, 2])
        _ = one.poll(at: 0)
        _ = two.poll(at: 0)
        try update("d")
        #expect([number(of: "a"), number(of: "b"), number(of: "d")] == [0, nil, 1])
        _ = one.poll(at: 40)
        _ = two.poll(at: 40)
        try update("e")
        _ = one.poll(at: 40)
        _ = two.poll(at: 40)
        try update("f")
        #expect(number(of: "a") == nil)
    }

    @Test func whoComesBackHasItsNumberBack() throws {
        let control = try ForwardingControl(Self.configuration([Self.service("a")]))
        var lab = EngineLab(control, capacity: Self.capacity)
        for name in ["b", "a", "b", "a"] {
            try control.update(Self.configuration([Self.service(name)]))
            _ = lab.poll(at: 0)
        }
        #expect(control.plan.backends.map(\.name) == ["a", "b"])
    }

    @Test func nothingIsLeftOfWhoHadANumberBefore() throws {
        var service = Self.service("a")
        service.persistence = PersistenceConfiguration(timeout: 3_000)
        service.timeouts.udp = 5
        let control = try ForwardingControl(Self.configuration([service]))
        var lab = EngineLab(control, capacity: Self.capacity)
        control.set(.draining, backend: "a", of: "web")
        control.set(.up, backend: "a", of: "web")
        #expect(lab.process(Frames.datagram(Frames.clientEnd(), Frames.serviceEnd())).verdict == .send)
        #expect(lab.engine.persistent?.count == 1)
        for name in ["b", "c", "d"] {
            service.backends[0].name = name
            try control.update(Self.configuration([service]))
            _ = lab.poll(at: 10)
        }
        // The engine says with each plan whose flows have ended: so the first number goes to the third one that comes.
        #expect(control.plan.backends.map(\.name) == ["d", "b", "c"])
        #expect(lab.engine.persistent?.count == 0)
        let counted = lab.engine.statistics.snapshot().services.flatMap(\.backends)
        #expect(counted.map(\.name) == ["d"])
        #expect(counted.first?.sent.packets == 0)
        #expect(counted.first?.flows.opened == 0)
        // The state of one that was removed is not that of whoever comes.
        control.set(.down, backend: "d", of: "web")
        try control.update(Self.configuration([]))
        try control.update(Self.configuration([service]))
        #expect(control.plan.backends.first { $0.name == "d" }?.state == .up)
    }

    @Test func whatHasNoRoomIsRefusedUntilFlowsHaveEnded() throws {
        let control = try ForwardingControl(Self.configuration([Self.service("a")]))
        var lab = EngineLab(
            control, capacity: EngineCapacity(services: 1, backends: 2, fragments: 4, sourceGroups: 0))
        #expect(lab.process(Frames.datagram(Frames.clientEnd(), Frames.serviceEnd())).verdict == .send)
        try control.update(Self.configuration([Self.service("b")]))
        _ = lab.poll(at: 0)
        let next = try Self.configuration([Self.service("c")])
        let refusal = #expect(throws: ForwardingConfigurationError.self) { try control.update(next) }
        #expect(refusal?.problem == .outgrown(count: 3, capacity: 2))
        let description = refusal?.description ?? ""
        #expect(description.hasPrefix("services.backends: 3 are more than the 2 that the forwarder has room for"))
        #expect(description.hasSuffix("wait until these have ended, have fewer, or begin anew with a larger capacity"))
        #expect(control.configuration.services.first?.backends.first?.name == "b")
        #expect(throws: ForwardingConfigurationError.self) { try control.members(with: next) }
        _ = lab.poll(at: 40)
        // Whoever is refused has engines say anew what they have.
        #expect(throws: ForwardingConfigurationError.self) { try control.update(next) }
        _ = lab.poll(at: 40)
        try control.update(next)
        #expect(control.plan.backends.map(\.name) == ["c", "b"])
    }

    @Test(
        "Members that contradict themselves are refused",
        arguments: [
            #"{"services":[],"numberedServices":[],"numberedBackends":[{"service":0,"backend":{"name":"a","#
                + #""address":"10.0.0.11","port":80}}],"sourceAddresses":[]}"#,
            #"{"services":[],"numberedServices":[],"numberedBackends":[],"sourceAddresses":["10.0.0.1","10.0.0.1"]}"#,
        ])
    func contradictions(text: String) throws {
        let members = try JSONDecoder().decode(ForwardingMembers.self, from: Data(text.utf8))
        let configuration = try Self.configuration([])
        #expect(throws: ForwardingConfigurationError.self) {
            _ = try ForwardingControl(configuration, members: members)
        }
    }
}
