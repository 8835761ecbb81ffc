import LoadBalancing
import Testing

@testable import PacketForwarding

/// Memory that outlives engines.
@safe
final class LentMemory {
    let buffer: UnsafeMutableRawBufferPointer

    init(byteCount: Int) {
        unsafe buffer = .allocate(byteCount: byteCount, alignment: 64)
        unsafe buffer.initializeMemory(as: UInt8.self, repeating: 0)
    }

    deinit { unsafe buffer.deallocate() }
}

/// One engine hands its flows to the next through memory that outlives both.
@Suite struct LentMemoryTests {
    private static let capacity = EngineCapacity(services: 6, backends: 16, fragments: 16, sourceGroups: 16)
    private static let now = Timestamp(nanoseconds: EngineScene.start)

    private func memory(_ control: ForwardingControl) -> LentMemory {
        LentMemory(byteCount: ForwardingEngine.flowByteCount(control, capacity: Self.capacity))
    }

    private func format(
        _ memory: LentMemory, _ control: ForwardingControl, _ worker: WorkerNumber = WorkerNumber()
    ) throws(FlowTableError) -> ForwardingEngine {
        try unsafe ForwardingEngine(
            formatting: memory.buffer, control, capacity: Self.capacity, worker: worker, secret: SipKey(5, 6),
            now: Self.now)
    }

    private func attach(
        _ memory: LentMemory, _ control: ForwardingControl, _ worker: WorkerNumber = WorkerNumber()
    ) throws(FlowTableError) -> ForwardingEngine {
        try unsafe ForwardingEngine(
            attachingTo: memory.buffer, control, capacity: Self.capacity, worker: worker, now: Self.now)
    }

    private func reason(_ body: () throws(FlowTableError) -> Void) -> FlowTableError.Reason? {
        do throws(FlowTableError) {
            try body()
            return nil
        } catch {
            return error.reason
        }
    }

    private static func datagrams() -> [[UInt8]] {
        (0..<8).flatMap { client in
            [IPVersion.v4, .v6].map { version in
                Frames.ip(
                    version, .udp, Frames.big(40_001 as UInt16) + Frames.big(80 as UInt16) + [0, 8, 1, 1],
                    from: EngineScene.client(version, client))
            }
        }
    }

    @Test(arguments: ServiceMode.allCases)
    func flowsKeepTheirBackends(mode: ServiceMode) throws {
        let first = try EngineScene(mode)
        let memory = memory(first.control)
        let before: [[UInt8]?]
        do {
            var engine = try format(memory, first.control)
            before = Self.datagrams().map { engine.send($0) }
        }
        #expect(before.allSatisfy { $0 != nil })
        // The next process has a control of its own, whose round robin would begin with the first backend again.
        let second = try EngineScene(mode)
        var engine = try attach(memory, second.control)
        #expect(engine.table.counts.active == before.count)
        #expect(Self.datagrams().reversed().map { engine.send($0) } == before.reversed())
        #expect(engine.table.counts.active == before.count)
    }

    @Test func whatDoesNotFitIsRefused() throws {
        let scene = try EngineScene(.dsr)
        let memory = memory(scene.control)
        #expect(reason { () throws(FlowTableError) in _ = try attach(memory, scene.control) } == .notATable)
        do { _ = try format(memory, scene.control, WorkerNumber(1, of: 4)) } catch { throw error }
        #expect(
            reason { () throws(FlowTableError) in _ = try attach(memory, scene.control, WorkerNumber(1, of: 2)) }
                == .otherWorker(index: 1, count: 4, expected: WorkerNumber(1, of: 2)))
        var configuration = scene.configuration
        configuration.services[0].backends.swapAt(0, 1)
        let other = try ForwardingControl(configuration)
        let found = try #require(
            reason { () throws(FlowTableError) in _ = try attach(memory, other, WorkerNumber(1, of: 4)) })
        guard case .otherConfiguration = found else {
            Issue.record("\(found)")
            return
        }
        let small = LentMemory(byteCount: 64)
        let needed = ForwardingEngine.flowByteCount(scene.control, capacity: Self.capacity)
        #expect(
            reason { () throws(FlowTableError) in _ = try format(small, scene.control) }
                == .tooSmall(byteCount: 64, needed: needed))
    }

    /// Whatever stands in the memory of flows, no packet ends the program: what could not be is not taken over.
    @Test(arguments: 0..<40 as Range<UInt64>)
    func noiseInTheMemoryDoesNoHarm(seed: UInt64) throws {
        let mode = ServiceMode.allCases[Int(seed) % ServiceMode.allCases.count]
        let scene = try EngineScene(mode)
        let memory = memory(scene.control)
        let place: Int
        do {
            var engine = try format(memory, scene.control)
            for datagram in Self.datagrams() { _ = engine.send(datagram) }
            place = FlowTableShape.Parts(engine.table.shape).entries
        }
        var random = Noise(seed: seed)
        for flow in 0..<16 {
            // The service, the backend, the state, the mode, or the source.
            let field = [18, 20, 21, 24, 25, 28].randomElement(using: &random) ?? 20
            let byte = UInt8.random(in: 0...15, using: &random)
            unsafe memory.buffer.storeBytes(of: byte, toByteOffset: place + flow * 64 + field, as: UInt8.self)
        }
        var engine = try attach(memory, scene.control)
        for datagram in Self.datagrams() { #expect(engine.send(datagram) != nil, "seed \(seed)") }
        for frame in Self.segments() { _ = engine.send(frame) }
        engine.poll(at: Self.now, budget: .max)
    }

    private static func segments() -> [[UInt8]] {
        (0..<8).flatMap { client in
            [IPVersion.v4, .v6].map { version in
                Frames.segment(Endpoint(EngineScene.client(version, client), 40_001), Frames.serviceEnd(version), .ack)
            }
        }
    }

    @Test func weightsAndStatesMayDiffer() throws {
        let scene = try EngineScene(.dsr)
        let memory = memory(scene.control)
        let before: [[UInt8]?]
        do {
            var engine = try format(memory, scene.control)
            before = Self.datagrams().map { engine.send($0) }
        }
        var configuration = scene.configuration
        configuration.services[2].backends[0].weight = 0
        let control = try ForwardingControl(configuration)
        control.set(.draining, backend: "backend 1", of: configuration.services[3].name)
        var engine = try attach(memory, control)
        #expect(Self.datagrams().map { engine.send($0) } == before)
    }
}
