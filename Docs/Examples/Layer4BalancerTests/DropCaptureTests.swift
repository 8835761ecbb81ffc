import PacketForwarding
import Testing

@testable import Layer4Balancer
@testable import PcapReplay

struct DropCaptureTests {
    private static func capture(_ reasons: [DropReason], packets: Int = 4, bytes: Int = 60) -> DropCapture {
        var settings = CaptureSettings()
        (settings.packets, settings.bytes) = (packets, bytes)
        let capture = DropCapture(settings)
        var pool = FramePool(frameCount: 1, byteCount: 256, headroom: 0)
        for (number, reason) in reasons.enumerated() {
            guard var frame = pool.take() else { break }
            let content = [UInt8](repeating: UInt8(number), count: 100)
            _ = frame.replaceBytes(with: unsafe content.span.bytes)
            frame.metadata.interface = 1
            capture.allowMore()
            capture.note(frame, reason)
            pool.put(frame)
        }
        return capture
    }

    @Test func keepsTheLatestOfEachReason() {
        let capture = Self.capture(Array(repeating: .noFlow, count: 10) + [.tooBig])
        #expect(capture.packets(of: .noFlow).map { $0.packet.bytes.first } == [6, 7, 8, 9])
        #expect(capture.packets(of: .tooBig).count == 1)
        #expect(capture.packets(of: nil).count == 5)
        #expect(capture.packets(of: .noPort).isEmpty)
    }

    @Test func keepsNothingWhereNothingIsToBeKept() {
        #expect(Self.capture([.noFlow], packets: 0).packets(of: nil).isEmpty)
    }

    /// A flood is not copied packet by packet.
    @Test func keepsSomeOfAFlood() {
        var settings = CaptureSettings()
        settings.packets = 8
        let capture = DropCapture(settings)
        var pool = FramePool(frameCount: 1, byteCount: 256, headroom: 0)
        if let frame = pool.take() {
            for _ in 0..<100 { capture.note(frame, .noFlow) }
            pool.put(frame)
        }
        #expect(capture.packets(of: nil).count == 2)
    }

    /// What is written, a reader of pcapng reads.
    @Test func isReadByOthers() throws {
        let packets = Self.capture([.noFlow, .tooBig]).packets(of: nil)
        let file = CaptureFile.bytes(of: packets, interfaces: ["eth0", "eth1"], snapLength: 60)
        let capture = try Capture(file)
        #expect(capture.frames.count == 2)
        #expect(capture.frames.map(\.bytes.count) == [60, 60])
        #expect(capture.frames.map { capture.interfaces[$0.interface] } == ["eth1", "eth1"])
        #expect(capture.frames.map(\.originalByteCount) == [100, 100])
    }
}
