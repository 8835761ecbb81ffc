import LoadBalancing
import PacketForwarding

/// A case that goes through a fresh engine, step by step.
struct PacketCaseRun {
    /// What was not as it should be: the step, and in what.
    private(set) var mismatches: [PacketMismatch] = []
    private(set) var steps = 0
    /// What the engine said before each packet that it would do, with what it then did, if that is asked for.
    private(set) var explained: [ExplainedArrival] = []
    private let explains: Bool
    let vector: PacketCase
    private let control: ForwardingControl
    let interfaces: [String]
    /// The first frame that was sent for each step; empty where none was.
    private var firstFrames: [[UInt8]] = []

    /// Sets up the engine's control; throws where the case's configuration is refused.
    init(_ vector: PacketCase, explains: Bool = false) throws(VectorError) {
        self.explains = explains
        var configuration = vector.config
        // Enough for any case, and quick to clear for every one of them.
        configuration.limits.flows = min(configuration.limits.flows, 1 << 14)
        do throws(ForwardingConfigurationError) {
            control = try ForwardingControl(configuration)
        } catch {
            throw VectorError("\(error)")
        }
        self.vector = vector
        interfaces = vector.config.interfaces.map(\.name)
    }

    /// Runs all steps.
    mutating func run() throws(VectorError) {
        var engine = makeEngine()
        // An answer is no longer than what it answers, but for headers, and no packet has as many fragments.
        var pool = FramePool(frameCount: 129, byteCount: longestFrame + 1_280, headroom: 256)
        var pieces = FrameBatch(capacity: 128)
        var time = 0.0
        for (number, step) in vector.steps.enumerated() {
            guard step.time >= time, step.time < 1e9 else { throw VectorError("step \(number): the clock runs back") }
            time = step.time
            steps += 1
            switch step {
            case .control(_, let command):
                guard apply(command) else { throw VectorError("step \(number): a control step that names nothing") }
                firstFrames.append([])
            case .packet(let arrival):
                try arrive(arrival, number, &engine, &pieces, &pool)
            }
        }
    }

    /// A fresh engine that is just large enough.
    func makeEngine() -> ForwardingEngine {
        let services = vector.config.services
        return ForwardingEngine(
            control,
            capacity: EngineCapacity(
                services: max(services.count, 1), backends: max(services.reduce(0) { $0 + $1.backends.count }, 1),
                fragments: 1_024, sourceGroups: 64), secret: SipKey(1, 2), now: Self.timestamp(0))
    }

    var longestFrame: Int {
        vector.steps.reduce(0) { longest, step in
            guard case .packet(let arrival) = step else { return longest }
            return max(longest, arrival.frame.bytes.count)
        }
    }

    static func timestamp(_ seconds: Double) -> Timestamp {
        // A second after the clock's beginning, so that nothing lies before it.
        Timestamp(nanoseconds: UInt64((seconds * 1e9).rounded()) + 1_000_000_000)
    }

    func apply(_ command: PacketControl) -> Bool {
        for (path, state) in [
            (command.drain, BackendState.draining), (command.down, .down), (command.up, .up),
        ] {
            guard let path else { continue }
            let parts = path.split(separator: "/", maxSplits: 1).map(String.init)
            return parts.count == 2 && control.set(state, backend: parts[1], of: parts[0])
        }
        guard let weights = command.weight, !weights.isEmpty else { return false }
        return weights.allSatisfy { path, weight in
            let parts = path.split(separator: "/", maxSplits: 1).map(String.init)
            return parts.count == 2 && control.setWeight(weight, backend: parts[1], of: parts[0])
        }
    }

    /// The frame that arrives, in the pool's memory; `nil` if there is none, or not enough.
    func frame(of arrival: PacketArrival, from pool: inout FramePool) -> Frame? {
        guard let interface = interfaces.firstIndex(of: arrival.interface), var frame = pool.take() else { return nil }
        guard unsafe frame.replaceBytes(with: arrival.frame.bytes.span.bytes) else {
            pool.put(frame)
            return nil
        }
        frame.metadata.interface = UInt32(interface)
        return frame
    }

    private mutating func arrive(
        _ arrival: PacketArrival, _ number: Int, _ engine: inout ForwardingEngine, _ pieces: inout FrameBatch,
        _ pool: inout FramePool
    ) throws(VectorError) {
        guard interfaces.contains(arrival.interface) else {
            throw VectorError("step \(number): there is no interface \"\(arrival.interface)\"")
        }
        guard var frame = frame(of: arrival, from: &pool) else {
            throw VectorError("step \(number): no memory for its frame, or it is longer than any link takes")
        }
        let explanation = explains ? engine.explain(frame, at: Self.timestamp(arrival.at)) : nil
        let verdict = engine.process(&frame, at: Self.timestamp(arrival.at), pieces: &pieces, pool: &pool)
        engine.poll(at: Self.timestamp(arrival.at))
        var sent: [SentFrame] = []
        switch verdict {
        case .send, .answer: sent.append(SentFrame(frame, interfaces))
        case .sendPieces: for index in 0..<pieces.count { sent.append(SentFrame(pieces[index], interfaces)) }
        case .drop, .pass: break
        }
        while let piece = pieces.popLast() { pool.put(piece) }
        if let explanation {
            explained.append(ExplainedArrival(step: number, explanation: explanation, verdict: verdict, sent: sent))
        }
        let isUntouched = SentFrame(frame, interfaces).bytes == arrival.frame.bytes
        pool.put(frame)
        firstFrames.append(sent.first?.bytes ?? [])
        let comparison = PacketComparison(step: number, firstFrames: firstFrames)
        mismatches += comparison.mismatches(verdict, sent, isUntouched: isUntouched, expected: arrival.expect)
    }
}

/// What the engine said it would do with a frame, and what it then did.
struct ExplainedArrival {
    let step: Int
    let explanation: Explanation
    let verdict: Verdict
    let sent: [SentFrame]
}

/// A frame that left the engine.
struct SentFrame: Equatable {
    let interface: String
    let bytes: [UInt8]

    init(_ frame: borrowing Frame, _ interfaces: [String]) {
        let number = Int(frame.metadata.interface)
        interface = number < interfaces.count ? interfaces[number] : "interface \(number)"
        bytes = frame.withBytes { span in
            (0..<span.byteCount).map { span.byte(at: $0) }
        }
    }
}

extension RawSpan {
    /// The byte at a place, which is checked.
    fileprivate func byte(at place: Int) -> UInt8 {
        unsafe unsafeLoad(fromByteOffset: place, as: UInt8.self)
    }
}
