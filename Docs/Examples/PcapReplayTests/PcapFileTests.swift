import Testing

@testable import PcapReplay

struct PcapFileTests {
    @Test(arguments: [false, true], [(0xA1B2_C3D4 as UInt32, 500_000 as UInt32), (0xA1B2_3C4D, 500_000_000)])
    func readsBothOrdersAndUnits(isBigEndian: Bool, unit: (magic: UInt32, fraction: UInt32)) throws {
        let file = CaptureBuilder.pcap(isBigEndian: isBigEndian, magic: unit.magic, fraction: unit.fraction)
        let frame = CapturedFrame(time: 1_500_000_000, interface: 0, bytes: [1, 2, 3, 4, 5], originalByteCount: 5)
        #expect(try Capture(file) == Capture(frames: [frame], interfaces: [nil]))
    }

    @Test func keepsWhatTheCaptureCutOffInMind() throws {
        let capture = try Capture(CaptureBuilder.pcap(original: 1_500))
        #expect(capture.frames.map(\.originalByteCount) == [1_500])
        #expect(capture.frames.map(\.bytes.count) == [5])
    }

    /// Bit 26 says that there is one, the upper four bits how many words it has.
    @Test func takesTheCheckSequenceOff() throws {
        let capture = try Capture(CaptureBuilder.pcap(link: 0x2400_0001))
        #expect(capture.frames == [CapturedFrame(time: 1_500_000_000, interface: 0, bytes: [1], originalByteCount: 1)])
    }

    @Test(arguments: [
        ([], CaptureError(.brokenOff, at: 0)),
        ([1, 2, 3, 4, 5, 6, 7, 8], CaptureError(.unknownFormat, at: 0)),
        (CaptureBuilder.pcap(magic: 0xA1B2_CD34), CaptureError(.unknownFormat, at: 0)),
        (CaptureBuilder.pcap(major: 3), CaptureError(.unknownVersion(3, 4), at: 4)),
        (CaptureBuilder.pcap(link: 113), CaptureError(.unknownLinkType(113), at: 20)),
        (CaptureBuilder.pcap(count: 6), CaptureError(.brokenOff, at: 40)),
        (CaptureBuilder.pcap(count: 300_000), CaptureError(.wrongLength(300_000), at: 32)),
        (CaptureBuilder.pcap(count: .max), CaptureError(.wrongLength(4_294_967_295), at: 32)),
    ])
    func saysWhatIsWrong(file: [UInt8], error: CaptureError) {
        #expect(throws: error) { try Capture(file) }
        #expect(error.description.hasPrefix("at byte \(error.offset): "))
    }

    @Test func noPrefixTraps() throws {
        let file = CaptureBuilder.pcap()
        for count in 0..<file.count where count != PcapFile.headerByteCount {
            #expect(throws: CaptureError.self) { try Capture(Array(file.prefix(count))) }
        }
        #expect(try Capture(Array(file.prefix(PcapFile.headerByteCount))).frames.isEmpty)
    }

    @Test func whatIsWrittenIsRead() throws {
        let frames = (0..<3).map { number in
            CapturedFrame(
                time: 1_700_000_000_123_456_789 + UInt64(number), interface: 0,
                bytes: Array(repeating: UInt8(number), count: 60 * number), originalByteCount: 60 * number)
        }
        #expect(try Capture(PcapFile.bytes(of: frames)).frames == frames)
    }
}
