import Foundation
import LoadBalancing
import PacketForwarding
import Testing

@testable import Snippets

/// The forwarder of the documentation, with the configuration that stands there.
@Suite struct ForwardingTests {
    private struct Stopped: Clock {
        let now = Timestamp(nanoseconds: 1_000_000_000)
    }

    /// Frames that wait, and where those go that come out.
    private struct Script: Wire {
        var waiting: [[UInt8]]
        var sent: [[UInt8]] = []
        var passed = 0

        mutating func receive(_ pool: inout FramePool) -> Frame? {
            guard let bytes = waiting.popLast(), var frame = pool.take() else { return nil }
            // Every bit pattern is a byte.
            _ = unsafe frame.replaceBytes(with: bytes.span.bytes)
            return frame
        }

        mutating func send(_ frame: borrowing Frame) {
            sent.append(frame.withBytes { bytes in (0..<bytes.byteCount).map { bytes.byte($0) } })
        }

        mutating func passToHost(_ frame: borrowing Frame) { passed += 1 }
    }

    /// A SYN from 198.51.100.7:40001 to 192.0.2.10:80; nobody verifies its TCP checksum.
    private let syn: [UInt8] = {
        let addresses: [UInt8] = [198, 51, 100, 7, 192, 0, 2, 10]
        var bytes: [UInt8] = [2, 0, 0, 0, 0, 1, 2, 0, 0, 0, 0, 0xFE, 8, 0]
        bytes += [0x45, 0, 0, 40, 0, 0, 0x40, 0, 64, 6, 0x4E, 0x8B] + addresses
        bytes += [0x9C, 0x41, 0, 80, 0, 0, 0, 1, 0, 0, 0, 0, 0x50, 2, 0xFF, 0xFF, 0, 0, 0, 0]
        return bytes
    }()

    /// The only block of a language in an article.
    private func block(_ language: String, of article: String) throws -> String {
        let file = URL(filePath: #filePath).deletingLastPathComponent()
            .appending(path: "../../../Sources/PacketForwarding/PacketForwarding.docc/\(article).md")
        let text = try String(contentsOf: file.standardizedFileURL, encoding: .utf8)
        let parts = text.split(separator: "```\(language)\n")
        #expect(parts.count == 2)
        return String(try #require(parts.last?.split(separator: "\n```").first))
    }

    private func configuration() throws -> Data {
        Data(try block("json", of: "FirstForwarder").utf8)
    }

    @Test func theFirstForwarderForwards() throws {
        let control = try forwardingControl(file: configuration())
        var wire = Script(waiting: [syn, syn])
        forward(control, over: &wire, clock: Stopped())
        #expect(wire.sent.count == 2)
        #expect(wire.sent.first == wire.sent.last)
        #expect(wire.sent.first?.prefix(5) == [2, 0, 0, 0, 0])
        #expect([0x0B, 0x0C].contains(wire.sent.first?[5]))
        #expect(wire.passed == 0)
    }

    @Test func theEngineSaysWhatItDoes() throws {
        let control = try forwardingControl(file: configuration())
        var engine = ForwardingEngine(control, now: Stopped().now)
        var pool = FramePool(frameCount: 1, byteCount: 2_048, headroom: 128)
        var pieces = FrameBatch(capacity: 1)
        var wire = Script(waiting: [syn])
        guard var frame = wire.receive(&pool) else { return }
        let explanation = explain(frame, engine, clock: Stopped())
        #expect(explanation == (try block("text", of: "WhyDidThisPacketGoThere")))
        let verdict = engine.process(&frame, at: Stopped().now, pieces: &pieces, pool: &pool)
        #expect(verdict == .send)
        pool.put(frame)
        let text = exposition(report(engine))
        #expect(text.contains(#"forwarding_packets_total{service="web",backend="b1"}"#))
        let current = try JSONDecoder().decode(ForwardingConfiguration.self, from: configuration())
        try maintain(control, current)
        #expect(engine.statistics.snapshot().services[0].backends[0].state == .down)
    }
}

extension RawSpan {
    /// The byte at a place, which is checked.
    fileprivate func byte(_ place: Int) -> UInt8 { unsafe unsafeLoad(fromByteOffset: place, as: UInt8.self) }
}
