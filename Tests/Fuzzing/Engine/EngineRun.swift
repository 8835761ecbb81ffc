import LoadBalancing
import PacketForwarding

/// Runs a script through an engine and looks at all that it sends.
struct EngineRun: ~Copyable {
    private let script: EngineScript
    private var configuration: ForwardingConfiguration
    private let control: ForwardingControl
    private var engine: ForwardingEngine
    private var frames = FrameBatch(capacity: batchLimit)
    private var verdicts = VerdictBatch(capacity: batchLimit)
    private var pieces = FrameBatch(capacity: 12)
    private var pool = FramePool(frameCount: 12, byteCount: 1_600, headroom: 64)
    private var maximumFlows: Int
    /// Whether ``kept`` gets the frames that are sent on.
    var keepsSent = false
    private(set) var kept: [(ForwardingCheck, PlainFrame)] = []
    /// The backends whose states and weights are not those of the configuration.
    private var states: Set<BackendPath> = []
    private var weights: Set<BackendPath> = []
    private var updates = 0
    private var weighings = 0
    /// The most configurations that come into force, and the most weights: each takes as long as all else.
    private static let updateLimit = 2
    private static let weighingLimit = 3
    private var now = Timestamp(nanoseconds: 1_000_000_000)
    /// The most frames of a batch: more than an engine looks at together.
    private static let batchLimit = 40
    /// Frames that wait for the rest of their batch, each with its step, and how many are missing.
    private var waiting: [(step: Int, arrival: FrameArrival)] = []
    private var missing = 0

    /// `nil` if the configuration is refused.
    init?(_ script: EngineScript) {
        guard let (control, configuration) = ControlShelf.take(for: script) else { return nil }
        self.script = script
        self.configuration = configuration
        maximumFlows = configuration.limits.flows
        self.control = control
        let capacity = EngineShape(rawValue: script.shape).capacity
        engine = ForwardingEngine(control, capacity: capacity, secret: SipKey(1, 2), now: now)
    }

    /// What is wrong with what the engine did.
    mutating func run() -> [String] {
        var faults: [String] = []
        for (number, step) in script.steps.enumerated() {
            if case .frame(let arrival) = step {
                if missing > 0 {
                    waiting.append((number, arrival))
                    missing -= 1
                    if missing == 0 { faults += arriveTogether() }
                } else {
                    faults += arrive(arrival).map { "step \(number): \($0)" }
                }
                continue
            }
            faults += arriveTogether()
            switch step {
            case .frame: break
            case .batch(let size): missing = Int(size) % (Self.batchLimit + 1)
            case .state(let state, let backend):
                guard let path = path(backend) else { break }
                if control.set(state, backend: path.backend, of: path.service) { states.insert(path) }
            case .weight(let weight, let backend):
                guard weighings < Self.weighingLimit, let path = path(backend) else { break }
                weighings += 1
                if control.setWeight(Int(weight), backend: path.backend, of: path.service) { weights.insert(path) }
            case .configuration(let number, let change): update(to: number, EngineShape(rawValue: change))
            case .pause(let pause):
                now = Timestamp(nanoseconds: now.nanoseconds &+ pause.milliseconds &* 1_000_000)
            case .poll(let budget): faults += poll(Int(budget)).map { "step \(number): \($0)" }
            }
        }
        faults += arriveTogether()
        faults += checkMemory()
        if updates == 0 {
            ControlShelf.put(control, configuration, of: script, states: states, weights: weights)
        }
        return faults
    }

    private func path(_ backend: UInt8) -> BackendPath? {
        let paths = configuration.backendPaths
        return paths.isEmpty ? nil : paths[Int(backend) % paths.count]
    }

    private mutating func update(to number: UInt8, _ change: EngineShape) {
        let next = change.applied(to: number)
        guard updates < Self.updateLimit, (try? control.update(next)) != nil else { return }
        configuration = next
        maximumFlows = max(maximumFlows, next.limits.flows)
        updates += 1
    }

    private mutating func arrive(_ arrival: FrameArrival) -> [String] {
        let before = PlainFrame(arrival)
        let memory = unsafe Self.memory(for: before, arrival)
        defer { unsafe memory.deallocate() }
        var frame = unsafe Frame(
            memory: memory, headroom: arrival.roomByteCount, byteCount: 0, metadata: before.metadata)
        guard unsafe frame.replaceBytes(with: before.bytes.span.bytes) else { return ["no room for a frame"] }

        let foretold = arrival.isExplained ? explain(frame) : nil
        let verdict = engine.process(&frame, at: now, pieces: &pieces, pool: &pool)
        var sent: [PlainFrame] = []
        for index in 0..<pieces.count { sent.append(PlainFrame(pieces[index])) }
        while let piece = pieces.popLast() { pool.put(piece) }
        let check = ForwardingCheck(configuration: configuration, arrival: before, verdict: verdict)
        let after = PlainFrame(frame)
        if keepsSent, verdict == .send { kept.append((check, after)) }
        var faults = check.faults(after: after, pieces: sent)
        if let foretold, verdict != .drop(.noMemory), foretold != verdict {
            faults.append("\(verdict), but the engine had said \(foretold)")
        }
        return faults
    }

    /// The frames that wait come in as one batch.
    private mutating func arriveTogether() -> [String] {
        defer { (waiting, missing) = ([], 0) }
        guard !waiting.isEmpty else { return [] }
        let before = waiting.map { PlainFrame($0.arrival) }
        let memories = unsafe zip(before, waiting).map { unsafe Self.memory(for: $0, $1.arrival) }
        defer { unsafe memories.forEach { unsafe $0.deallocate() } }
        for index in before.indices {
            let plain = before[index]
            var frame = unsafe Frame(
                memory: memories[index], headroom: waiting[index].arrival.roomByteCount, byteCount: 0,
                metadata: plain.metadata)
            guard unsafe frame.replaceBytes(with: plain.bytes.span.bytes) else { return ["no room for a frame"] }
            frames.append(frame)
        }
        engine.process(&frames, at: now, verdicts: &verdicts, pieces: &pieces, pool: &pool)
        var faults: [String] = []
        if verdicts.count != before.count { faults.append("\(verdicts.count) verdicts on \(before.count) frames") }
        for index in 0..<verdicts.count {
            let check = ForwardingCheck(configuration: configuration, arrival: before[index], verdict: verdicts[index])
            let sent = verdicts.pieces(of: index).map { PlainFrame(pieces[$0]) }
            faults += check.faults(after: PlainFrame(frames[index]), pieces: sent).map {
                "step \(waiting[index].step), in a batch: \($0)"
            }
        }
        while let piece = pieces.popLast() { pool.put(piece) }
        frames.removeAll()
        return faults
    }

    /// Memory of exactly a frame's size with its room, so that the address sanitizer sees each step beyond it.
    private static func memory(for frame: PlainFrame, _ arrival: FrameArrival) -> UnsafeMutableRawBufferPointer {
        let memory = UnsafeMutableRawBufferPointer.allocate(
            byteCount: max(1, frame.bytes.count + 2 * arrival.roomByteCount), alignment: 16)
        unsafe memory.initializeMemory(as: UInt8.self, repeating: 0xA5)
        return unsafe memory
    }

    /// What the engine says that it will do with a frame: it holds if there is nothing left to do before.
    private mutating func explain(_ frame: borrowing Frame) -> Verdict? {
        for _ in 0..<64 where engine.poll(at: now, budget: 4_096) { return engine.explain(frame, at: now).verdict }
        return nil
    }

    /// Does what no frame asks for, and looks at what is sent.
    private mutating func poll(_ budget: Int) -> [String] {
        engine.poll(at: now, budget: budget, frames: &pieces, pool: &pool)
        var sent: [PlainFrame] = []
        for index in 0..<pieces.count { sent.append(PlainFrame(pieces[index])) }
        while let frame = pieces.popLast() { pool.put(frame) }
        return ForwardingCheck.faults(ofOriginated: sent, configuration)
    }

    /// No more flows than there may be, and no memory that was lost.
    private mutating func checkMemory() -> [String] {
        let snapshot = engine.statistics.snapshot()
        var faults: [String] = []
        if snapshot.flows.active > maximumFlows { faults.append("\(snapshot.flows.active) of \(maximumFlows) flows") }
        if pool.freeCount != pool.frameCount { faults.append("\(pool.frameCount - pool.freeCount) frames are lost") }
        return faults
    }
}
