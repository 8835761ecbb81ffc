import Foundation
import LoadBalancing

@testable import PacketForwarding

/// Runs a case through a fresh engine.
struct VectorRun {
    let vector: VectorCase
    private(set) var problems: [String] = []

    init(_ vector: VectorCase) {
        self.vector = vector
    }

    mutating func run() throws {
        var configuration = vector.config
        // Enough for every case; the default takes long to clear.
        configuration.limits.flows = min(configuration.limits.flows, 4_096)
        let control = try ForwardingControl(configuration)
        var engine = ForwardingEngine(
            control, capacity: EngineCapacity(services: 16, backends: 64, sourceGroups: 16), secret: SipKey(1, 2),
            now: Timestamp(nanoseconds: 1))
        var pool = FramePool(frameCount: 80, byteCount: 66_000, headroom: 256)
        var pieces = FrameBatch(capacity: 64)
        var firstFrames: [[UInt8]] = []
        for (index, step) in vector.steps.enumerated() {
            var sent: [(String, [UInt8])] = []
            defer { firstFrames.append(sent.first?.1 ?? []) }
            if let command = step.control {
                apply(command, to: control)
                continue
            }
            guard let bytes = step.frame?.bytes, let expectation = step.expect, var frame = pool.take(),
                let interface = vector.config.interfaces.firstIndex(where: { $0.name == step.interface })
            else {
                problems.append("step \(index): unreadable")
                continue
            }
            frame.fill(with: bytes)
            frame.metadata.interface = UInt32(interface)
            let now = Timestamp(nanoseconds: UInt64(step.at * 1e9) + 1_000_000_000)
            let verdict = engine.process(&frame, at: now, pieces: &pieces, pool: &pool)
            switch verdict {
            case .send, .answer: sent.append(output(frame))
            case .sendPieces:
                while let piece = pieces.popLast() {
                    sent.insert(output(piece), at: 0)
                    pool.put(piece)
                }
            case .drop, .pass: break
            }
            while let piece = pieces.popLast() { pool.put(piece) }
            check(verdict, sent, frame, bytes, expectation, index, firstFrames)
            pool.put(frame)
        }
    }

    private func apply(_ command: VectorCase.Control, to control: ForwardingControl) {
        func set(_ state: BackendState, _ path: String?) {
            guard let parts = path?.split(separator: "/"), parts.count == 2 else { return }
            control.set(state, backend: String(parts[1]), of: String(parts[0]))
        }
        set(.draining, command.drain)
        set(.down, command.down)
        set(.up, command.up)
        for (path, weight) in command.weight ?? [:] {
            let parts = path.split(separator: "/")
            control.setWeight(weight, backend: String(parts[1]), of: String(parts[0]))
        }
    }

    private func output(_ frame: borrowing Frame) -> (String, [UInt8]) {
        (vector.config.interfaces[Int(frame.metadata.interface)].name, frame.allBytes)
    }

    private mutating func check(
        _ verdict: Verdict, _ sent: [(String, [UInt8])], _ frame: borrowing Frame, _ original: [UInt8],
        _ expectation: VectorCase.Expectation, _ index: Int, _ firstFrames: [[UInt8]]
    ) {
        var expected: [VectorCase.ExpectedFrame] = []
        switch expectation {
        case .frames(let frames):
            expected = frames
            if verdict != .send, verdict != .sendPieces { problems.append("step \(index): \(verdict), not sent") }
        case .pass:
            if verdict != .pass { problems.append("step \(index): \(verdict), not passed") }
            if frame.allBytes != original { problems.append("step \(index): passed, but changed") }
        case .drop(let reason, let frames):
            expected = frames
            switch verdict {
            case .drop(let own) where own.rawValue == reason && frames.isEmpty: break
            case .answer(let own) where own.rawValue == reason && !frames.isEmpty: break
            default: problems.append("step \(index): \(verdict), not drop \(reason) with \(frames.count) frames")
            }
        }
        guard expected.count == sent.count else {
            problems.append("step \(index): \(sent.count) frames, not \(expected.count)")
            return
        }
        for (want, got) in zip(expected, sent) { compare(want, got, index, firstFrames) }
    }

    private mutating func compare(
        _ want: VectorCase.ExpectedFrame, _ got: (String, [UInt8]), _ index: Int, _ firstFrames: [[UInt8]]
    ) {
        if want.interface != got.0 { problems.append("step \(index): out of \(got.0), not \(want.interface)") }
        guard want.out.bytes.count == got.1.count else {
            problems.append("step \(index): \(got.1.count) bytes, not \(want.out.bytes.count)")
            return
        }
        var free = IndexSet()
        for span in want.ignore ?? [] { free.insert(integersIn: span[0]..<span[1]) }
        for bounds in want.range ?? [] {
            free.insert(integersIn: bounds.at[0]..<bounds.at[1])
            let value = got.1[bounds.at[0]..<bounds.at[1]].reduce(0) { $0 << 8 | Int($1) }
            if !(bounds.from...bounds.to).contains(value) { problems.append("step \(index): \(value) out of range") }
        }
        for choice in want.choice ?? [] {
            free.insert(integersIn: choice.at[0]..<choice.at[1])
            let value = Array(got.1[choice.at[0]..<choice.at[1]])
            if !choice.of.contains(where: { $0.bytes == value }) {
                problems.append("step \(index): \(value) is no choice")
            }
        }
        for equal in want.equal ?? [] {
            free.insert(integersIn: equal.at[0]..<equal.at[1])
            guard firstFrames[equal.step].count >= equal.at[1] else {
                problems.append("step \(index): nothing sent for step \(equal.step)")
                continue
            }
            if firstFrames[equal.step][equal.at[0]..<equal.at[1]] != got.1[equal.at[0]..<equal.at[1]] {
                problems.append("step \(index): bytes \(equal.at) are not those of step \(equal.step)")
            }
        }
        for (offset, (a, b)) in zip(want.out.bytes, got.1).enumerated() where a != b && !free.contains(offset) {
            problems.append("step \(index): byte \(offset) is \(b), not \(a)")
        }
    }
}

extension Frame {
    mutating func fill(with bytes: [UInt8]) {
        _ = extendBack(by: bytes.count)
        for (offset, byte) in bytes.enumerated() { store(byte: byte, at: offset) }
    }

    var allBytes: [UInt8] {
        withBytes { bytes in (0..<bytes.byteCount).map { bytes.byte(at: $0) } }
    }
}
