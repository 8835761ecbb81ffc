@testable import PcapReplay

/// Capture files made byte by byte, as other programs write them.
struct CaptureBuilder {
    var isBigEndian = false
    private(set) var bytes: [UInt8] = []

    init(isBigEndian: Bool = false) { self.isBigEndian = isBigEndian }

    mutating func add32(_ number: UInt32) {
        let four = [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: number >> $0) }
        bytes += isBigEndian ? four : four.reversed()
    }

    mutating func add16(_ number: UInt16) {
        let two = [UInt8(number >> 8), UInt8(truncatingIfNeeded: number)]
        bytes += isBigEndian ? two : two.reversed()
    }

    mutating func add(_ more: [UInt8]) { bytes += more }

    /// A pcap file with one frame, captured 1.5 s after the beginning of 1970.
    static func pcap(
        isBigEndian: Bool = false, magic: UInt32 = 0xA1B2_C3D4, major: UInt16 = 2, link: UInt32 = 1,
        fraction: UInt32 = 500_000, count: UInt32? = nil, original: UInt32? = nil, frame: [UInt8] = [1, 2, 3, 4, 5]
    ) -> [UInt8] {
        var file = CaptureBuilder(isBigEndian: isBigEndian)
        file.add32(magic)
        file.add16(major)
        file.add16(4)
        for number in [0, 0, 65_535, link, 1, fraction] { file.add32(number) }
        file.add32(count ?? UInt32(frame.count))
        file.add32(original ?? UInt32(frame.count))
        file.add(frame)
        return file.bytes
    }

    /// A block of a pcapng file.
    mutating func addBlock(_ type: UInt32, length: UInt32? = nil, _ body: (inout CaptureBuilder) -> Void) {
        var content = CaptureBuilder(isBigEndian: isBigEndian)
        body(&content)
        while content.bytes.count % 4 != 0 { content.add([0]) }
        add32(type)
        add32(length ?? UInt32(content.bytes.count + 12))
        add(content.bytes)
        add32(UInt32(content.bytes.count + 12))
    }

    mutating func addSection(major: UInt16 = 1) {
        addBlock(0x0A0D_0D0A) { block in
            block.add32(0x1A2B_3C4D)
            block.add16(major)
            block.add16(0)
            block.add32(.max)
            block.add32(.max)
        }
    }

    /// An interface with options: each a number and its bytes.
    mutating func addInterface(link: UInt16 = 1, snapLength: UInt32 = 0, _ options: [(UInt16, [UInt8])] = []) {
        addBlock(1) { block in
            block.add16(link)
            block.add16(0)
            block.add32(snapLength)
            for (code, value) in options {
                block.add16(code)
                block.add16(UInt16(value.count))
                block.add(value + Array(repeating: 0, count: (4 - value.count % 4) % 4))
            }
            if !options.isEmpty { block.add32(0) }
        }
    }

    mutating func addPacket(
        interface: UInt32 = 0, time: UInt64 = 0, count: UInt32? = nil, original: UInt32? = nil,
        _ frame: [UInt8] = [1, 2, 3, 4, 5]
    ) {
        addBlock(6) { block in
            block.add32(interface)
            block.add32(UInt32(time >> 32))
            block.add32(UInt32(truncatingIfNeeded: time))
            block.add32(count ?? UInt32(frame.count))
            block.add32(original ?? UInt32(frame.count))
            block.add(frame)
        }
    }
}
