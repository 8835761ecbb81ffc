import LoadBalancing
import Testing

@testable import PacketForwarding

/// A table and what it should hold, put through the same things.
private struct Trial: ~Copyable {
    var table: FlowTable
    var model: FlowModel
    var random: Noise
    let shape: FlowTableShape
    let keyCount: Int
    let seed: UInt64
    /// Where each flow is, for as long as it is there.
    var positions: [FlowKey: UInt32] = [:]

    static let ports: ClosedRange<UInt16> = 500...530

    init(seed: UInt64, flows: Int, keys: Int) {
        var random = Noise(seed: seed)
        let shape = FlowTableShape(
            flows: flows, services: 12, backends: 24, sources: SourcePortShape(groups: 24, pages: 64, rests: 100))
        // Not far from where the coarse clock goes round.
        model = FlowModel(shape, now: (1 << 32) - Int.random(in: 0..<1 << 20, using: &random))
        table = FlowTable(shape, secret: SipKey(seed, 7), now: model.time)
        self.random = random
        self.shape = shape
        self.seed = seed
        keyCount = keys
        for backend in 0..<24 as Range<UInt32> {
            // Backends of several services share an endpoint.
            let endpoint = backend % 6
            model.endpoints[Int(backend)] = endpoint
            table.configure(backend: backend, endpoint: endpoint, ports: backend)
            table.sources?.configure(
                group: backend, SourceRange(addresses: UInt16(backend)...UInt16(backend), ports: Self.ports),
                endpoint: endpoint, transport: backend % 2 == 0 ? .tcp : .udp)
        }
        for service in 0..<12 as Range<UInt16> {
            func timeout(_ range: ClosedRange<UInt32>) -> FlowTimeout {
                FlowTimeout(ticks: UInt32.random(in: range, using: &self.random))
            }
            let timeouts = FlowTimeouts(
                handshake: timeout(1...2000), established: timeout(1...3_000_000), closing: timeout(1...3000),
                datagrams: timeout(1...100_000))
            model.timeouts[Int(service)] = timeouts
            table.configure(service: service, timeouts)
            limit(service)
        }
        model.limits = FlowLimits(
            flows: flows - Int.random(in: 0...flows / 4, using: &self.random),
            halfOpen: flows / 2, adopted: flows / 4)
        table.limits = model.limits
    }

    /// Gives a service other limits than it has, for the flows that come.
    private mutating func limit(_ service: UInt16) {
        let limits = FlowLimits(
            flows: service % 4 < 2 ? Int.random(in: 0...30, using: &random) : .max,
            halfOpen: service < 4 ? Int.random(in: 1...20, using: &random) : .max,
            adopted: service < 6 ? 10 : .max)
        model.ownLimits[Int(service)] = limits
        table.configure(service: service, model.timeouts[Int(service)], limits: limits)
    }

    static func mode(_ service: UInt16) -> FlowMode {
        [.nat, .fullNAT, .oneWay][Int(service) / 4]
    }

    mutating func anyKey() -> FlowKey {
        FlowKey.any(Int.random(in: 0..<keyCount, using: &random), services: 12, mode: Self.mode)
    }

    /// A backend of the service's protocol.
    mutating func anyBackend(_ key: FlowKey) -> UInt32 {
        UInt32.random(in: 0..<12, using: &random) * 2 + (key.transport == .udp ? 1 : 0)
    }

    /// Whether another flow's answers would be this one's.
    func sharesAnswers(_ key: FlowKey, _ backend: UInt32) -> Bool {
        model.entries.values.contains {
            $0.mode == .nat && $0.key != key && $0.key.client == key.client && $0.key.port == key.port
                && $0.key.transport == key.transport
                && model.endpoints[Int($0.backend)] == model.endpoints[Int(backend)]
        }
    }

    mutating func step() {
        model.now += [0, 0, 1, 3, 100, 2000][Int.random(in: 0..<6, using: &random)]
        if Int.random(in: 0..<500, using: &random) == 0 { model.now += Int.random(in: 0..<1 << 24, using: &random) }
        model.expire()
        if Int.random(in: 0..<100, using: &random) == 0 { limit(UInt16.random(in: 0..<12, using: &random)) }
        let key = anyKey()
        let now = model.time
        let hash = table.hash(key)
        // A hint that may be good, of no flow, or another flow's.
        let candidate =
            Bool.random(using: &random)
            ? table.candidate(hash) : UInt32.random(in: 0..<UInt32(shape.flows), using: &random)
        let position = table.find(key, hash: hash, candidate: candidate, now: now)
        #expect((position != nil) == (model.entries[key] != nil), "seed \(seed)")
        if let position {
            #expect(position == positions[key], "seed \(seed): a flow stays where it is")
            #expect(table.flow(at: position).key == key, "seed \(seed)")
            visit(key, position)
        } else {
            insert(key, hash)
        }
        if Int.random(in: 0..<4, using: &random) == 0 {
            table.expire(now: model.time, budget: Int.random(in: 0..<50, using: &random))
        }
    }

    private mutating func visit(_ key: FlowKey, _ position: UInt32) {
        guard let entry = model.entries[key] else { return }
        let now = model.time
        #expect(
            table.backend(of: position) == entry.backend && table.state(of: position) == entry.state, "seed \(seed)")
        #expect(table.source(of: position) == entry.source, "seed \(seed)")
        if entry.mode == .nat {
            let answers = FlowKey(answersTo: key.client, port: key.port, transport: key.transport)
            let found = table.findAnswered(
                answers, from: model.endpoints[Int(entry.backend)], hash: table.hash(answers), now: now)
            #expect(found == position, "seed \(seed)")
        }
        if entry.mode == .fullNAT {
            let found = table.findTranslated(
                to: entry.source, from: model.endpoints[Int(entry.backend)], transport: key.transport, now: now)
            #expect(found == position, "seed \(seed)")
        }
        if Int.random(in: 0..<20, using: &random) == 0 {
            table.end(position, as: .failed, now: now)
            model.entries[key] = nil
        } else if key.transport == .udp {
            if Int.random(in: 0..<4, using: &random) == 0 {
                rebind(key, position, .datagrams)
            } else {
                table.restart(position, as: .datagrams, now: now)
                model.restart(key, as: .datagrams)
            }
        } else {
            segment(key, position, entry.state)
        }
    }

    private mutating func segment(_ key: FlowKey, _ position: UInt32, _ state: FlowState) {
        let segment = TCPSegment(
            TCPFlags(rawValue: UInt8.random(in: 0..<32, using: &random)),
            dataByteCount: Int.random(in: 0..<2, using: &random))
        let seesBoth = Self.mode(key.service).seesBoth
        let step =
            seesBoth && Bool.random(using: &random)
            ? TCPTable.backend(segment, state: state)
            : TCPTable.client(
                segment, state: state, seesBoth: seesBoth,
                condition: BackendCondition.allCases.randomElement(using: &random) ?? .takes)
        switch step {
        case .forward(let next):
            table.restart(position, as: next, now: model.time)
            model.restart(key, as: next)
        case .beginAnew:
            table.beginAnew(position, now: model.time)
            model.begin(key, table.backend(of: position), .opened, table.source(of: position))
        case .replace:
            rebind(key, position, .opened)
        case .open, .adopt, .strayReset, .dropUnknown, .dropDead, .pass:
            break
        }
    }

    private mutating func rebind(_ key: FlowKey, _ position: UInt32, _ state: FlowState) {
        let backend = anyBackend(key)
        guard let entry = model.entries[key] else { return }
        if entry.mode == .nat {
            let isShared = table.sharesAnswers(key, backend: backend, now: model.time)
            #expect(isShared == sharesAnswers(key, backend), "seed \(seed)")
            guard !isShared else { return }
        }
        let isBound = table.rebind(position, to: backend, as: state, now: model.time)
        if entry.mode == .fullNAT {
            let used = model.entries.values.filter { $0.mode == .fullNAT && $0.backend == backend }
            if !isBound { #expect(used.count == Self.ports.count, "seed \(seed)") }
            #expect(!isBound || !used.map(\.source).contains(table.source(of: position)), "seed \(seed)")
        } else {
            #expect(isBound, "seed \(seed)")
        }
        if isBound { model.begin(key, backend, state, table.source(of: position)) }
    }

    private mutating func insert(_ key: FlowKey, _ hash: UInt64) {
        let mode = Self.mode(key.service)
        var state = key.transport == .udp ? FlowState.datagrams : .opened
        if key.transport == .tcp, mode == .oneWay, Bool.random(using: &random) {
            state = FlowState(.established)
            state.isAdopted = true
        }
        let backend = anyBackend(key)
        if mode == .nat {
            let isShared = table.sharesAnswers(key, backend: backend, now: model.time)
            #expect(isShared == sharesAnswers(key, backend), "seed \(seed)")
            guard !isShared else { return }
        }
        // What a table does only where room is short, so that counts are the model's.
        table.expire(now: model.time, budget: .max)
        let (isThere, victim) = model.room(key, state, mode)
        switch table.insert(key, hash: hash, backend: backend, state: state, mode: mode, now: model.time) {
        case .inserted(let position):
            #expect(isThere, "seed \(seed)")
            if let victim { model.entries[victim] = nil }
            let source = table.source(of: position)
            if mode == .fullNAT {
                let used = model.entries.values.filter { $0.mode == .fullNAT && $0.backend == backend }.map(\.source)
                #expect(!used.contains(source) && Self.ports.contains(source.port), "seed \(seed)")
            }
            model.insert(key, backend, state, mode, source)
            positions[key] = position
        case .full:
            #expect(!isThere, "seed \(seed)")
        case .noSource:
            let used = model.entries.values.filter { $0.mode == .fullNAT && $0.backend == backend }
            #expect(isThere && used.count == Self.ports.count, "seed \(seed)")
        }
    }

    /// Compares everything.
    mutating func compare() {
        let isDone = table.expire(now: model.time, budget: .max)
        #expect(isDone, "seed \(seed)")
        #expect(table.counts == model.counts(), "seed \(seed)")
        for service in 0..<12 as Range<UInt16> {
            #expect(table.counts(ofService: service) == model.counts { $0.key.service == service }, "seed \(seed)")
        }
        for backend in 0..<24 as Range<UInt32> {
            #expect(table.counts(ofBackend: backend) == model.counts { $0.backend == backend }, "seed \(seed)")
            var walked: Set<FlowKey> = []
            table.beginWalk(ofBackend: backend)
            while let position = table.nextOfWalk() { walked.insert(table.flow(at: position).key) }
            let expected = model.entries.values.filter { $0.backend == backend && !$0.state.phase.isOrdered }
            #expect(walked == Set(expected.map(\.key)), "seed \(seed)")
        }
        let tally = table.tally
        let counters =
            [tally.all] + (0..<12).map { tally.counter(ofService: $0) } + (0..<24).map { tally.counter(ofBackend: $0) }
        for counter in counters {
            let ended = counter.turnover
            #expect(
                Int(ended.opened) == counter.active
                    + Int(ended.expired + ended.evicted + ended.replaced + ended.failed), "seed \(seed)")
        }
        var cursor: UInt32? = 0
        var found = 0
        while cursor != nil {
            var budget = 7
            while let position = table.nextFlow(from: &cursor, budget: &budget) {
                found += 1
                let flow = table.flow(at: position)
                let entry = model.entries[flow.key]
                #expect(entry?.state == flow.state && entry?.backend == flow.backend, "seed \(seed)")
                #expect(flow.deadline == FlowTime(ticks: UInt32(truncatingIfNeeded: entry?.deadline ?? 0)))
            }
        }
        #expect(found == model.entries.count, "seed \(seed)")
    }
}

@Suite struct FlowTableModelTests {
    @Test(arguments: 0..<12 as Range<UInt64>)
    func holdsWhatADictionaryHolds(seed: UInt64) {
        var trial = Trial(seed: seed, flows: 150, keys: [60, 300, 1500][Int(seed % 3)])
        for _ in 0..<10 {
            for _ in 0..<400 { trial.step() }
            trial.compare()
        }
    }
}
