import LoadBalancing
import PacketForwarding

/// What became of a frame of a case, without regard to what is expected.
struct PacketCaseOutcome: Equatable {
    let verdict: Verdict
    let frame: SentFrame
    let pieces: [SentFrame]
    /// The batch that it came in.
    let batch: Int
}

/// Cases whose packets come together.
extension PacketCaseRun {
    /// Runs all steps, the packets between two control steps at the time of the last of them.
    ///
    /// - Parameter inBatches: whether the engine gets them as a batch, or one after the other.
    /// - Returns: what became of each frame.
    /// - Throws: ``VectorError`` if a frame has no room.
    func run(inBatches: Bool) throws(VectorError) -> [PacketCaseOutcome] {
        var engine = makeEngine()
        var pool = FramePool(frameCount: 1_024, byteCount: longestFrame + 1_280, headroom: 256)
        var frames = FrameBatch(capacity: 256)
        var verdicts = VerdictBatch(capacity: 256)
        var pieces = FrameBatch(capacity: 512)
        var outcomes: [PacketCaseOutcome] = []
        for (number, group) in groups.enumerated() {
            for arrival in group.arrivals {
                guard let frame = frame(of: arrival, from: &pool) else { throw VectorError("no memory for a frame") }
                frames.append(frame)
            }
            if inBatches {
                engine.process(
                    &frames, at: group.time, verdicts: &verdicts, pieces: &pieces, pool: &pool)
                for index in 0..<frames.count {
                    let sent = verdicts.pieces(of: index).map { SentFrame(pieces[$0], interfaces) }
                    outcomes.append(
                        PacketCaseOutcome(
                            verdict: verdicts[index], frame: SentFrame(frames[index], interfaces), pieces: sent,
                            batch: number))
                }
            } else {
                for index in 0..<frames.count {
                    let start = pieces.count
                    let verdict = engine.process(&frames[index], at: group.time, pieces: &pieces, pool: &pool)
                    let sent = (start..<pieces.count).map { SentFrame(pieces[$0], interfaces) }
                    outcomes.append(
                        PacketCaseOutcome(
                            verdict: verdict, frame: SentFrame(frames[index], interfaces), pieces: sent, batch: number))
                }
            }
            while let frame = frames.popLast() { pool.put(frame) }
            while let piece = pieces.popLast() { pool.put(piece) }
            engine.poll(at: group.time)
            if let command = group.control { _ = apply(command) }
        }
        return outcomes
    }

    /// Packets that come together, and what control says behind them.
    private struct Group {
        var arrivals: [PacketArrival] = []
        var time: Timestamp
        var control: PacketControl?
    }

    private var groups: [Group] {
        var groups: [Group] = []
        var group = Group(time: Self.timestamp(0))
        for step in vector.steps {
            group.time = Self.timestamp(step.time)
            switch step {
            case .packet(let arrival): group.arrivals.append(arrival)
            case .control(_, let command):
                group.control = command
                groups.append(group)
                group = Group(time: Self.timestamp(step.time))
            }
        }
        return groups + [group]
    }
}
