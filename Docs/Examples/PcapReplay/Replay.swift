import LoadBalancing
import PacketForwarding

/// Sends the frames of a capture through a packet engine, as if they came in now.
struct Replay: ~Copyable {
    /// What became of a frame.
    struct Outcome: Encodable {
        /// The frame's number in the capture, from 1 on, as Wireshark counts.
        let number: Int
        /// Seconds since the first frame.
        let seconds: Double
        /// The interface of the configuration that it came in on.
        let interface: String
        /// `sent`, `answered`, `dropped`, `passed`, or `skipped` for a frame of which the capture has only a part.
        let verdict: String
        /// Why it was dropped, answered or not, or skipped.
        let reason: String?
        let service: String?
        let backend: String?
        /// The numbers of the frames that were sent, in the file that is written.
        var sent: [Int] = []
        /// Why the engine did so, in words.
        let explanation: String?
    }

    private let configuration: ForwardingConfiguration
    private var engine: ForwardingEngine
    private var pool: FramePool
    private var pieces = FrameBatch(capacity: 64)
    /// The interface for frames of a capture that does not name those of the configuration.
    private let fallback: Int

    private(set) var outcomes: [Outcome] = []
    /// What was sent, in order.
    private(set) var sent: [CapturedFrame] = []

    /// An engine for a configuration.
    ///
    /// - Throws: ``ForwardingConfigurationError`` if it is refused.
    init(
        _ configuration: ForwardingConfiguration, interface: Int = 0
    ) throws(ForwardingConfigurationError) {
        self.configuration = configuration
        fallback = interface
        let backends = configuration.services.reduce(0) { $0 + $1.backends.count }
        // The capture's own clock runs from here: one second, so that nothing lies before it.
        engine = ForwardingEngine(
            try ForwardingControl(configuration),
            capacity: EngineCapacity(
                services: max(configuration.services.count, 1), backends: max(backends, 1),
                sourceGroups: max(backends, 1)),
            secret: SipKey(0, 0), now: Self.time(0))
        // A frame, the pieces of the largest one, and an outer header before each.
        pool = FramePool(frameCount: 65, byteCount: PcapFile.maximumByteCount, headroom: 128)
    }

    private static func time(_ nanoseconds: UInt64) -> Timestamp {
        Timestamp(nanoseconds: nanoseconds + 1_000_000_000)
    }

    /// Replays a capture.
    mutating func run(_ capture: Capture) {
        guard let start = capture.frames.first?.time else { return }
        var now: UInt64 = 0
        for (index, frame) in capture.frames.enumerated() {
            // The engine's clock never runs back, a capture of several interfaces may.
            now = max(now, frame.time > start ? min(frame.time - start, 1 << 60) : 0)
            var interface = fallback
            if capture.interfaces.indices.contains(frame.interface), let name = capture.interfaces[frame.interface],
                let position = configuration.interfaces.firstIndex(where: { $0.name == name })
            {
                interface = position
            }
            process(frame, number: index + 1, now: now, interface: interface)
        }
    }

    private mutating func process(_ captured: CapturedFrame, number: Int, now: UInt64, interface: Int) {
        func outcome(
            _ verdict: String, _ reason: String? = nil, _ explanation: Explanation? = nil, sent: [Int] = []
        ) -> Outcome {
            Outcome(
                number: number, seconds: Double(now) / 1e9, interface: configuration.interfaces[interface].name,
                verdict: verdict, reason: reason, service: explanation?.service, backend: explanation?.backend,
                sent: sent, explanation: explanation?.description)
        }
        guard captured.bytes.count >= captured.originalByteCount else {
            let reason = "captured \(captured.bytes.count) of \(captured.originalByteCount) bytes"
            return outcomes.append(outcome("skipped", reason))
        }
        var bytes = captured.bytes
        SenderChecksum.complete(&bytes)
        guard var frame = pool.take() else { return outcomes.append(outcome("skipped", "no memory")) }
        frame.metadata.interface = UInt32(interface)
        // Every bit pattern is a byte.
        guard unsafe frame.replaceBytes(with: bytes.span.bytes) else {
            pool.put(frame)
            return outcomes.append(outcome("skipped", "longer than any frame"))
        }
        while !engine.poll(at: Self.time(now)) {}
        let explanation = engine.explain(frame, at: Self.time(now))
        let verdict = engine.process(&frame, at: Self.time(now), pieces: &pieces, pool: &pool)

        let first = sent.count + 1
        switch verdict {
        case .send, .answer: sent.append(Self.sent(frame, at: captured.time))
        case .sendPieces: for index in 0..<pieces.count { sent.append(Self.sent(pieces[index], at: captured.time)) }
        case .drop, .pass: break
        }
        while let piece = pieces.popLast() { pool.put(piece) }
        pool.put(frame)
        let (word, reason) = Self.words(verdict)
        outcomes.append(outcome(word, reason, explanation, sent: Array(first..<sent.count + 1)))
    }

    private static func sent(_ frame: borrowing Frame, at time: UInt64) -> CapturedFrame {
        let bytes = frame.withBytes { span in
            unsafe span.withUnsafeBytes { unsafe Array($0) }
        }
        return CapturedFrame(
            time: time, interface: Int(frame.metadata.interface), bytes: bytes, originalByteCount: bytes.count)
    }

    private static func words(_ verdict: Verdict) -> (String, String?) {
        switch verdict {
        case .send, .sendPieces: ("sent", nil)
        case .answer(let reason): ("answered", reason.rawValue)
        case .drop(let reason): ("dropped", reason.rawValue)
        case .pass: ("passed", nil)
        }
    }
}
