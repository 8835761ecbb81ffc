import LoadBalancing
import Testing

@testable import PacketForwarding

/// A batch is as good as its frames one by one, and a short way as good as the long one.
@Suite struct BatchTests {
    /// What became of a frame.
    private struct Outcome: Equatable {
        let verdict: Verdict
        let bytes: [UInt8]
        let metadata: FrameMetadata
        let pieces: [[UInt8]]
    }

    private typealias Input = (bytes: [UInt8], metadata: FrameMetadata)

    /// The frames of a run in groups, each with its time in milliseconds.
    private static func groups(seed: UInt64, _ mode: ServiceMode) -> [(time: UInt64, frames: [Input])] {
        var noise = EngineNoise(seed: seed, mode)
        var time: UInt64 = 0
        return (0..<40).map { _ in
            time += noise.pick([0, 1, 500, 20_000])
            return (time, (0..<noise.pick([1, 2, 31, 32, 33, 70])).map { _ in noise.next() })
        }
    }

    private static func timestamp(_ milliseconds: UInt64) -> Timestamp {
        Timestamp(nanoseconds: EngineScene.start + milliseconds * 1_000_000)
    }

    private static func fill(_ frames: inout FrameBatch, _ inputs: [Input], _ pool: inout FramePool) {
        for input in inputs {
            guard var frame = pool.take() else { return }
            frame.metadata = input.metadata
            _ = input.bytes.withRawSpan { frame.replaceBytes(with: $0) }
            frames.append(frame)
        }
    }

    private static func byBatch(
        _ engine: inout ForwardingEngine, _ groups: [(time: UInt64, frames: [Input])]
    ) -> [Outcome] {
        var pool = FramePool(frameCount: 512, byteCount: 512, headroom: 64)
        var frames = FrameBatch(capacity: 128)
        var verdicts = VerdictBatch(capacity: 128)
        var pieces = FrameBatch(capacity: 128)
        var outcomes: [Outcome] = []
        for group in groups {
            fill(&frames, group.frames, &pool)
            engine.process(
                &frames, at: timestamp(group.time), verdicts: &verdicts, pieces: &pieces, pool: &pool)
            for index in 0..<frames.count {
                outcomes.append(
                    Outcome(
                        verdict: verdicts[index], bytes: frames[index].array, metadata: frames[index].metadata,
                        pieces: verdicts.pieces(of: index).map { pieces[$0].array }))
            }
            while let frame = frames.popLast() { pool.put(frame) }
            while let piece = pieces.popLast() { pool.put(piece) }
            engine.poll(at: timestamp(group.time))
        }
        return outcomes
    }

    private static func oneByOne(
        _ engine: inout ForwardingEngine, _ groups: [(time: UInt64, frames: [Input])]
    ) -> [Outcome] {
        var pool = FramePool(frameCount: 512, byteCount: 512, headroom: 64)
        var frames = FrameBatch(capacity: 128)
        var pieces = FrameBatch(capacity: 128)
        var outcomes: [Outcome] = []
        for group in groups {
            fill(&frames, group.frames, &pool)
            for index in 0..<frames.count {
                let verdict = engine.process(
                    &frames[index], at: timestamp(group.time), pieces: &pieces, pool: &pool)
                outcomes.append(
                    Outcome(
                        verdict: verdict, bytes: frames[index].array, metadata: frames[index].metadata,
                        pieces: (0..<pieces.count).map { pieces[$0].array }))
                while let piece = pieces.popLast() { pool.put(piece) }
            }
            while let frame = frames.popLast() { pool.put(frame) }
            engine.poll(at: timestamp(group.time))
        }
        return outcomes
    }

    @Test(arguments: ServiceMode.allCases, [1, 2, 3, 4, 5] as [UInt64])
    func aBatchDoesWhatItsFramesDoOneByOne(mode: ServiceMode, seed: UInt64) throws {
        let groups = Self.groups(seed: seed, mode)
        let scene = try EngineScene(mode, scheduler: seed % 2 == 0 ? .maglev : .policy(.roundRobin))
        var single = scene.engine()
        var batch = scene.engine()
        var long = scene.engine(takesShortcuts: false)
        let expected = Self.oneByOne(&single, groups)
        let outcomes = Self.byBatch(&batch, groups)
        let onTheLongWay = Self.oneByOne(&long, groups)
        #expect(outcomes.count == expected.count)
        for (index, outcome) in outcomes.enumerated() {
            try #require(outcome == expected[index], "seed \(seed), frame \(index)")
            try #require(onTheLongWay[index] == expected[index], "seed \(seed), frame \(index), the long way")
        }
        #expect(batch.table.counts == single.table.counts)
        #expect(long.table.counts == single.table.counts)
        // The noise is worth the name: much is sent, and much is not.
        #expect(expected.count { $0.verdict == Verdict.send } > 100)
        #expect(expected.count { $0.verdict != Verdict.send } > 50)
    }

    @Test func severalPacketsOfOneNewFlowInABatchHaveOneBackend() throws {
        let scene = try EngineScene(.dsr)
        var engine = scene.engine()
        let frame = Frames.udp(.v4, payload: [1, 2, 3, 4], from: EngineScene.client(.v4, 1))
        let other = Frames.udp(.v4, payload: [1, 2, 3, 4], from: EngineScene.client(.v4, 2))
        let inputs = [frame, frame, other, frame].map { ($0, FrameMetadata()) }
        let outcomes = Self.byBatch(&engine, [(0, inputs)])
        #expect(outcomes.allSatisfy { $0.verdict == Verdict.send })
        #expect(outcomes[0].bytes == outcomes[1].bytes)
        #expect(outcomes[0].bytes == outcomes[3].bytes)
        #expect(outcomes[2].bytes.prefix(6) != outcomes[0].bytes.prefix(6))
        #expect(engine.table.counts.active == 2)
    }

    @Test func piecesThatHaveNoRoomAreTakenBack() throws {
        var configuration = try EngineScene(.ipip).configuration
        for index in configuration.services.indices { configuration.services[index].fragmentInner = true }
        let scene = try EngineScene(configuration)
        var engine = scene.engine()
        var bytes = Frames.udp(.v4, payload: Array(repeating: 9, count: 1_472), from: EngineScene.client(.v4, 1))
        // May be fragmented.
        bytes.replaceSubrange(20..<22, with: [0, 0])
        bytes.replaceSubrange(24..<26, with: [0, 0])
        bytes.replaceSubrange(24..<26, with: Frames.big(~UInt16(ReferenceChecksums.sum(Array(bytes[14..<34])))))
        var pool = FramePool(frameCount: 16, byteCount: 2_048, headroom: 64)
        var frames = FrameBatch(capacity: 4)
        var verdicts = VerdictBatch(capacity: 4)
        var pieces = FrameBatch(capacity: 3)
        Self.fill(&frames, [(bytes, FrameMetadata()), (bytes, FrameMetadata())], &pool)
        engine.process(&frames, at: Self.timestamp(0), verdicts: &verdicts, pieces: &pieces, pool: &pool)
        #expect(verdicts[0] == .sendPieces)
        #expect(verdicts.pieces(of: 0) == 0..<2)
        #expect(verdicts[1] == .drop(.noMemory))
        #expect(verdicts.pieces(of: 1).isEmpty)
        #expect(pieces.count == 2)
        while let frame = frames.popLast() { pool.put(frame) }
        while let piece = pieces.popLast() { pool.put(piece) }
    }
}
