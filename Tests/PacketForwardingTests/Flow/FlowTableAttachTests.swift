import LoadBalancing
import Testing

@testable import PacketForwarding

/// Memory that outlives tables.
@safe
private final class SharedMemory {
    let buffer: UnsafeMutableRawBufferPointer

    init(byteCount: Int, filledWith byte: UInt8 = 0xAA) {
        unsafe buffer = .allocate(byteCount: byteCount, alignment: 64)
        unsafe buffer.initializeMemory(as: UInt8.self, repeating: byte)
    }

    deinit { unsafe buffer.deallocate() }

    func word(at offset: Int) -> UInt64 { unsafe buffer.loadUnaligned(fromByteOffset: offset, as: UInt64.self) }

    func store(_ word: UInt64, at offset: Int) {
        unsafe buffer.storeBytes(of: word, toByteOffset: offset, as: UInt64.self)
    }

    func format(_ shape: FlowTableShape, _ identity: FlowTableIdentity, now: FlowTime) throws(FlowTableError)
        -> FlowTable
    {
        var table = try unsafe FlowTable(
            formatting: buffer, shape, identity: identity, secret: SipKey(3, 4), now: now)
        Self.configure(&table)
        return table
    }

    func attach(_ shape: FlowTableShape, _ identity: FlowTableIdentity, now: FlowTime) throws(FlowTableError)
        -> FlowTable
    {
        try unsafe FlowTable(attachingTo: buffer, shape, identity: identity, now: now, configure: Self.configure)
    }

    static func configure(_ table: inout FlowTable) {
        for backend in 0..<UInt32(table.shape.backends) {
            table.configure(backend: backend, endpoint: backend / 2, ports: backend)
            table.sources?.configure(
                group: backend, SourceRange(addresses: 0...0, ports: 1000...1099), endpoint: backend / 2,
                transport: backend % 2 == 0 ? .tcp : .udp)
        }
    }
}

@Suite struct FlowTableAttachTests {
    let shape = FlowTableShape(
        flows: 200, services: 12, backends: 24, sources: SourcePortShape(groups: 24, pages: 50, rests: 50))
    let identity = FlowTableIdentity(worker: 1, workerCount: 4, configuration: 0xABCD)
    let start = FlowTime(ticks: 0xFFFF_F000)

    private func mode(_ service: UInt16) -> FlowMode { [.nat, .fullNAT, .oneWay][Int(service) / 4] }

    /// Puts flows of all kinds into a table; gives the time at the end.
    @discardableResult
    private func fill(_ table: inout FlowTable, _ random: inout Noise, steps: Int, from time: FlowTime) -> FlowTime {
        var now = time
        for _ in 0..<steps {
            now.ticks &+= UInt32.random(in: 0..<20, using: &random)
            let key = FlowKey.any(Int.random(in: 0..<400, using: &random), services: 12, mode: mode)
            let hash = table.hash(key)
            let backend = UInt32.random(in: 0..<12, using: &random) * 2 + (key.transport == .udp ? 1 : 0)
            if let position = table.find(key, hash: hash, now: now) {
                switch Int.random(in: 0..<4, using: &random) {
                case 0: table.end(position, now: now)
                case 1 where mode(key.service) != .nat:
                    _ = table.rebind(
                        position, to: backend, as: key.transport == .udp ? .datagrams : .opened, now: now)
                default:
                    let phases: [FlowPhase] =
                        key.transport == .udp
                        ? [.datagrams] : [.handshake, .established, .closing, .resetHandshake, .resetEstablished]
                    let phase = phases.randomElement(using: &random) ?? .closing
                    // What no segment does: back to half-open from there.
                    guard table.state(of: position).phase.isOrdered || !phase.isOrdered else { continue }
                    table.restart(position, as: FlowState(phase), now: now)
                }
            } else if !table.sharesAnswers(key, backend: backend, now: now) || mode(key.service) != .nat {
                let state = key.transport == .udp ? FlowState.datagrams : .opened
                _ = table.insert(key, hash: hash, backend: backend, state: state, mode: mode(key.service), now: now)
            }
        }
        _ = table.expire(now: now, budget: .max)
        return now
    }

    /// All flows, checked against everything else that the table keeps.
    private func flows(of table: inout FlowTable, now: FlowTime) -> [FlowKey: Flow] {
        var flows: [FlowKey: Flow] = [:]
        var cursor: UInt32? = 0
        var budget = Int.max
        while let position = table.nextFlow(from: &cursor, budget: &budget) {
            let flow = table.flow(at: position)
            flows[flow.key] = flow
            let found = table.find(flow.key, hash: table.hash(flow.key), now: now)
            #expect(found == position)
            if flow.mode == .fullNAT {
                let translated = table.findTranslated(
                    to: flow.source, from: flow.backend / 2, transport: flow.key.transport, now: now)
                #expect(translated == position)
            }
        }
        #expect(table.counts.active == flows.count)
        for backend in 0..<24 as Range<UInt32> {
            #expect(table.counts(ofBackend: backend).active == flows.values.count { $0.backend == backend })
        }
        let sources = flows.values.filter { $0.mode == .fullNAT }.map { [$0.source.port, UInt16($0.backend)] }
        #expect(Set(sources).count == sources.count)
        return flows
    }

    @Test(arguments: 0..<6 as Range<UInt64>)
    func allFlowsAreThereAfterwards(seed: UInt64) throws {
        let memory = SharedMemory(byteCount: shape.byteCount)
        var random = Noise(seed: seed)
        let later = FlowTime(ticks: start.ticks &+ 20_000)
        var before: [FlowKey: Flow] = [:]
        do {
            var table = try memory.format(shape, identity, now: start)
            fill(&table, &random, steps: 1000, from: start)
            _ = table.expire(now: later, budget: .max)
            before = flows(of: &table, now: later)
        }
        var table = try memory.attach(shape, identity, now: later)
        let after = flows(of: &table, now: later)
        #expect(!before.isEmpty && after == before)
        // It goes on as before: half-open flows are evicted in their order.
        let halfOpen = after.values.filter { $0.state.phase == .handshake }
        if let first = table.firstHalfOpen(of: nil) {
            let age = later.ticks(since: table.flow(at: first).began)
            #expect(halfOpen.allSatisfy { later.ticks(since: $0.began) <= age })
        } else {
            #expect(halfOpen.isEmpty)
        }
        let end = fill(&table, &random, steps: 500, from: later)
        _ = flows(of: &table, now: end)
    }

    @Test func flowsWhoseTimeHasComeMeanwhileAreNot() throws {
        let memory = SharedMemory(byteCount: shape.byteCount)
        do {
            var table = try memory.format(shape, identity, now: start)
            var random = Noise(seed: 1)
            fill(&table, &random, steps: 300, from: start)
        }
        let table = try memory.attach(shape, identity, now: FlowTime(ticks: start.ticks &+ 1_000_000))
        #expect(table.counts.active == 0)
    }

    @Test func memoryOfAnotherKindIsRefusedWithTheReason() throws {
        let memory = SharedMemory(byteCount: shape.byteCount)
        func reason(_ shape: FlowTableShape, _ identity: FlowTableIdentity) -> FlowTableError.Reason? {
            do throws(FlowTableError) {
                _ = try memory.attach(shape, identity, now: start)
                return nil
            } catch {
                return error.reason
            }
        }
        #expect(reason(shape, identity) == .notATable)
        _ = try memory.format(shape, identity, now: start)
        #expect(reason(shape, identity) == nil)
        let larger = FlowTableShape(flows: 100_000, services: 12, backends: 24)
        #expect(reason(larger, identity) == .tooSmall(byteCount: shape.byteCount, needed: larger.byteCount))
        #expect(reason(FlowTableShape(flows: 199, services: 12, backends: 24), identity) == .otherShape)
        var other = identity
        other.workerCount = 3
        #expect(
            reason(shape, other)
                == .otherWorker(
                    index: 1, count: 4, expected: WorkerNumber(Int(other.worker), of: Int(other.workerCount))))
        other = identity
        other.configuration = 1
        #expect(reason(shape, other) == .otherConfiguration(found: 0xABCD, expected: 1))
        memory.store(memory.word(at: 8) & ~0xFFFF_FFFF | 99, at: 8)
        #expect(reason(shape, identity) == .otherVersion(found: 99, expected: FlowTableHeader.version))
        memory.store(0, at: 0)
        #expect(reason(shape, identity) == .notATable)
    }

    /// Only what is in a flow counts, so all else may be torn; of a flow, all but its standing may be while that is 0.
    @Test(arguments: 0..<20 as Range<UInt64>)
    func aFlowThatWasBeingWrittenIsNotThereAndAllOthersAre(seed: UInt64) throws {
        let memory = SharedMemory(byteCount: shape.byteCount)
        var random = Noise(seed: seed)
        let now = FlowTime(ticks: start.ticks &+ 20_000)
        var before: [FlowKey: Flow] = [:]
        let entries = FlowTableShape.Parts(shape).entries
        do {
            var table = try memory.format(shape, identity, now: start)
            fill(&table, &random, steps: 600, from: start)
            _ = table.expire(now: now, budget: .max)
            before = flows(of: &table, now: now)
            // The write that the process dies in.
            guard let torn = before.values.randomElement(using: &random),
                let position = table.find(torn.key, hash: table.hash(torn.key), now: now)
            else { return }
            before[torn.key] = nil
            for word in 0..<8 {
                memory.store(word == 3 ? 0 : random.next(), at: entries + Int(position) * 64 + word * 8)
            }
        }
        // Index, lists, counts and timers, as no process leaves them.
        for offset in stride(from: FlowTableHeader.byteCount, to: entries, by: 8) {
            memory.store(random.next(), at: offset)
        }
        var table = try memory.attach(shape, identity, now: now)
        #expect(flows(of: &table, now: now) == before)
    }

    @Test(arguments: 0..<30 as Range<UInt64>)
    func noiseIsNoFlowAndStopsNobody(seed: UInt64) throws {
        let memory = SharedMemory(byteCount: shape.byteCount)
        var random = Noise(seed: seed)
        let now = FlowTime(ticks: start.ticks &+ 20_000)
        do {
            var table = try memory.format(shape, identity, now: start)
            fill(&table, &random, steps: 600, from: start)
        }
        let entries = FlowTableShape.Parts(shape).entries
        for _ in 0..<500 {
            let offset = Int.random(in: 0..<shape.flows * 8, using: &random) * 8
            let word = memory.word(at: entries + offset)
            memory.store(
                seed % 2 == 0 ? random.next() : word ^ (1 << UInt64.random(in: 0..<64, using: &random)),
                at: entries + offset)
        }
        var table = try memory.attach(shape, identity, now: now)
        _ = flows(of: &table, now: now)
        fill(&table, &random, steps: 300, from: now)
    }

    @Test func errorsSayWhatToDo() {
        let errors: [FlowTableError.Reason] = [
            .tooSmall(byteCount: 1, needed: 2), .notATable, .otherVersion(found: 2, expected: 1), .otherShape,
            .otherWorker(index: 1, count: 4, expected: WorkerNumber()), .otherConfiguration(found: 1, expected: 2),
        ]
        for reason in errors {
            let text = FlowTableError(reason).description
            #expect(text.contains("; ") && !text.contains("\n") && text.contains("flow table"))
        }
        #expect(
            FlowTableError(errors[4]).description
                == "the flow table is that of worker 1 of 4, not of 0 of 1; start as many workers as before or begin empty ones"
        )
    }
}
