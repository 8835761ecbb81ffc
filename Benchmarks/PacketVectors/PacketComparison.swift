import PacketForwarding

/// What an engine did other than a file says.
struct PacketMismatch: Encodable {
    let step: Int
    let text: String
}

/// Compares what an engine did at a step with what it is to do.
struct PacketComparison {
    let step: Int
    let firstFrames: [[UInt8]]

    /// All that differs.
    func mismatches(
        _ verdict: Verdict, _ sent: [SentFrame], isUntouched: Bool, expected: PacketOutcome
    ) -> [PacketMismatch] {
        switch expected {
        case .pass:
            guard verdict == .pass else { return [mismatch("\(verdict.text), not pass")] }
            return isUntouched ? [] : [mismatch("passed, but not as it came")]
        case .drop(let reason, let frames):
            guard verdict.dropReason == reason else { return [mismatch("\(verdict.text), not drop \(reason)")] }
            return compare(sent, frames)
        case .sent(let frames):
            guard verdict == .send || verdict == .sendPieces else { return [mismatch("\(verdict.text), not sent")] }
            return compare(sent, frames)
        }
    }

    private func mismatch(_ text: String) -> PacketMismatch {
        PacketMismatch(step: step, text: text)
    }

    private func compare(_ sent: [SentFrame], _ frames: [ExpectedFrame]) -> [PacketMismatch] {
        guard sent.count == frames.count else { return [mismatch("\(sent.count) frames, not \(frames.count)")] }
        return zip(sent, frames).flatMap { compare($0, $1) }
    }

    private func compare(_ sent: SentFrame, _ frame: ExpectedFrame) -> [PacketMismatch] {
        var found: [PacketMismatch] = []
        if sent.interface != frame.interface {
            found.append(mismatch("out of \(sent.interface), not \(frame.interface)"))
        }
        guard sent.bytes.count == frame.out.bytes.count else {
            return found + [mismatch("\(sent.bytes.count) bytes, not \(frame.out.bytes.count)")]
        }
        var isFree = Array(repeating: false, count: sent.bytes.count)
        func bytes(_ span: ByteSpan, of frame: [UInt8]) -> ArraySlice<UInt8> {
            frame[span.bytes.clamped(to: frame.indices)]
        }
        func release(_ span: ByteSpan) {
            for place in span.bytes.clamped(to: sent.bytes.indices) { isFree[place] = true }
        }
        for span in frame.ignore ?? [] { release(span) }
        for range in frame.range ?? [] {
            release(range.at)
            let value = bytes(range.at, of: sent.bytes).suffix(8).reduce(0 as UInt64) { $0 << 8 | UInt64($1) }
            guard range.from <= value, value <= range.to else {
                found.append(mismatch("\(value) at \(range.at.bytes), not \(range.from) to \(range.to)"))
                continue
            }
        }
        for choice in frame.choice ?? [] {
            release(choice.at)
            if !choice.of.contains(where: { $0.bytes == Array(bytes(choice.at, of: sent.bytes)) }) {
                found.append(mismatch("none of the choices at \(choice.at.bytes)"))
            }
        }
        for equal in frame.equal ?? [] {
            release(equal.at)
            let other = firstFrames.indices.contains(equal.step) ? firstFrames[equal.step] : []
            if bytes(equal.at, of: sent.bytes) != bytes(equal.at, of: other) {
                found.append(mismatch("not what step \(equal.step) has at \(equal.at.bytes)"))
            }
        }
        let places = sent.bytes.indices.filter { !isFree[$0] && sent.bytes[$0] != frame.out.bytes[$0] }
        if let first = places.first {
            let pairs = places.prefix(8).map { "\($0): \(sent.bytes[$0].hex) for \(frame.out.bytes[$0].hex)" }
            found.append(mismatch("\(places.count) bytes from \(first) on, \(pairs.joined(separator: ", "))"))
        }
        return found
    }
}

extension Verdict {
    /// The reason of a drop, answered or not.
    fileprivate var dropReason: String? {
        switch self {
        case .drop(let reason), .answer(let reason): reason.rawValue
        case .send, .sendPieces, .pass: nil
        }
    }

    fileprivate var text: String {
        switch self {
        case .send, .sendPieces: "sent"
        case .pass: "pass"
        case .drop(let reason): "drop \(reason.rawValue)"
        case .answer(let reason): "drop \(reason.rawValue) with an answer"
        }
    }
}

extension UInt8 {
    fileprivate var hex: String {
        let digits = String(self, radix: 16)
        return digits.count == 1 ? "0" + digits : digits
    }
}
