import LoadBalancing
import PacketForwarding

/// An engine and what it is fed with.
struct PacketDrive: ~Copyable {
    let scene: PacketScene
    private var engine: ForwardingEngine
    private var frames = FrameBatch(capacity: 32)
    private var verdicts = VerdictBatch(capacity: 32)
    private var pieces = FrameBatch(capacity: 32)
    private var pool = FramePool(frameCount: 32, byteCount: 2_048, headroom: FrameSlots.headroom)
    private let now = PacketScene.start

    /// Frames of a batch.
    static let batch = 32

    init(_ scene: PacketScene) throws {
        self.scene = scene
        engine = try scene.engine()
    }

    /// Handles the frames of all slots; gives how many were sent.
    mutating func run(_ slots: borrowing FrameSlots, isBatch: Bool) -> Int {
        isBatch ? runBatches(slots) : runSingles(slots)
    }

    @inline(never)
    private mutating func runBatches(_ slots: borrowing FrameSlots) -> Int {
        var sent = 0
        var index = 0
        while index < slots.count {
            let end = min(index + Self.batch, slots.count)
            frames.removeAll()
            while index < end {
                frames.append(slots.frame(index))
                index += 1
            }
            engine.process(&frames, at: now, verdicts: &verdicts, pieces: &pieces, pool: &pool)
            for place in 0..<verdicts.count { if case .send = verdicts[place] { sent &+= 1 } }
        }
        return sent
    }

    @inline(never)
    private mutating func runSingles(_ slots: borrowing FrameSlots) -> Int {
        var sent = 0
        for index in 0..<slots.count {
            var frame = slots.frame(index)
            if case .send = engine.process(&frame, at: now, pieces: &pieces, pool: &pool) { sent &+= 1 }
        }
        return sent
    }

    /// Handles one frame that came in on an interface; gives it as it was sent, `nil` if it was not.
    mutating func send(_ bytes: [UInt8], on interface: UInt32) -> [UInt8]? {
        guard var frame = pool.take() else { return nil }
        frame.metadata.interface = interface
        guard unsafe frame.replaceBytes(with: bytes.span.bytes) else {
            pool.put(frame)
            return nil
        }
        let verdict = engine.process(&frame, at: now, pieces: &pieces, pool: &pool)
        let sent = frame.withBytes { bytes in
            (0..<bytes.byteCount).map { unsafe bytes.unsafeLoad(fromByteOffset: $0, as: UInt8.self) }
        }
        pool.put(frame)
        return verdict == .send ? sent : nil
    }

    /// Lets the engine do what no packet asks for.
    mutating func poll() {
        engine.poll(at: now, budget: 1 << 20)
    }
}
