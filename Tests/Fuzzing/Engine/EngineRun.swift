import LoadBalancing
import PacketForwarding

/// Runs a script through an engine and looks at all that it sends.
struct EngineRun: ~Copyable {
    private let script: EngineScript
    private var configuration: ForwardingConfiguration
    private let control: ForwardingControl
    private var engine: ForwardingEngine
    private var pieces = FrameBatch(capacity: 12)
    private var pool = FramePool(frameCount: 12, byteCount: 1_600, headroom: 64)
    private var isChanged = false
    private var updates = 0
    /// The most configurations that come into force: each takes as long as all else.
    private static let updateLimit = 2
    private var now = Timestamp(nanoseconds: 1_000_000_000)

    /// `nil` if the configuration is refused.
    init?(_ script: EngineScript) {
        guard let (control, configuration) = ControlShelf.take(for: script) else { return nil }
        self.script = script
        self.configuration = configuration
        self.control = control
        let capacity = EngineShape(rawValue: script.shape).capacity
        engine = ForwardingEngine(control, capacity: capacity, secret: SipKey(1, 2), now: now)
    }

    /// What is wrong with what the engine did.
    mutating func run() -> [String] {
        var faults: [String] = []
        for (number, step) in script.steps.enumerated() {
            switch step {
            case .frame(let arrival): faults += arrive(arrival).map { "step \(number): \($0)" }
            case .state(let state, let backend):
                guard let path = path(backend) else { break }
                isChanged = control.set(state, backend: path.backend, of: path.service) || isChanged
            case .weight(let weight, let backend):
                guard let path = path(backend) else { break }
                isChanged = control.setWeight(Int(weight), backend: path.backend, of: path.service) || isChanged
            case .configuration(let number, let change): update(to: number, EngineShape(rawValue: change))
            case .pause(let pause):
                now = Timestamp(nanoseconds: now.nanoseconds &+ pause.milliseconds &* 1_000_000)
            case .poll(let budget): engine.poll(at: now, budget: Int(budget))
            }
        }
        if updates == 0 { ControlShelf.put(control, configuration, of: script, isChanged: isChanged) }
        return faults
    }

    private func path(_ backend: UInt8) -> (service: String, backend: String)? {
        let paths = configuration.backendPaths
        return paths.isEmpty ? nil : paths[Int(backend) % paths.count]
    }

    private mutating func update(to number: UInt8, _ change: EngineShape) {
        guard updates < Self.updateLimit, let next = change.applied(to: number), (try? control.update(next)) != nil else { return }
        configuration = next
        updates += 1
    }

    /// Every frame has memory of exactly its size, so that the address sanitizer sees each step beyond it.
    private mutating func arrive(_ arrival: FrameArrival) -> [String] {
        let before = PlainFrame(arrival)
        let memory = UnsafeMutableRawBufferPointer.allocate(
            byteCount: max(1, before.bytes.count + 2 * arrival.roomByteCount), alignment: 16)
        defer { unsafe memory.deallocate() }
        unsafe memory.initializeMemory(as: UInt8.self, repeating: 0xA5)
        var frame = unsafe Frame(
            memory: memory, headroom: arrival.roomByteCount, byteCount: 0, metadata: before.metadata)
        guard unsafe frame.replaceBytes(with: before.bytes.span.bytes) else { return ["no room for a frame"] }

        let verdict = engine.process(&frame, at: now, pieces: &pieces, pool: &pool)
        var sent: [PlainFrame] = []
        for index in 0..<pieces.count { sent.append(PlainFrame(pieces[index])) }
        while let piece = pieces.popLast() { pool.put(piece) }
        let check = ForwardingCheck(configuration: configuration, arrival: before, verdict: verdict)
        return check.faults(after: PlainFrame(frame), pieces: sent)
    }
}
