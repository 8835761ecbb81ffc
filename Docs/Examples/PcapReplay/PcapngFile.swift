/// Capture files as Wireshark writes them: sections of blocks, and frames of several interfaces (draft-ietf-opsawg-pcapng).
enum PcapngFile {
    static let sectionHeader: UInt32 = 0x0A0D_0D0A
    private static let byteOrder: UInt32 = 0x1A2B_3C4D

    private enum BlockType {
        static let interface: UInt32 = 1
        static let oldPacket: UInt32 = 2
        static let simplePacket: UInt32 = 3
        static let packet: UInt32 = 6
    }

    private enum Option {
        static let end: UInt16 = 0
        static let name: UInt16 = 2
        static let timeUnit: UInt16 = 9
        static let checkSequence: UInt16 = 13
        static let timeOffset: UInt16 = 14
    }

    /// An interface as a section describes it.
    private struct Interface {
        /// Its position among those of all sections.
        let position: Int
        var snapLength = 0
        /// Units in a second.
        var unitsPerSecond: UInt64 = 1_000_000
        /// Seconds to add to all times.
        var offset: UInt64 = 0
        var checkByteCount = 0
    }

    static func read(_ file: CaptureBytes) throws(CaptureError) -> Capture {
        var bytes = file
        var capture = Capture()
        var interfaces: [Interface] = []
        var offset = 0
        while offset < bytes.bytes.count {
            // The same in either byte order.
            let isSection = try bytes.number32(at: offset) == sectionHeader
            if isSection {
                bytes.isBigEndian = try byteOrderIsBig(bytes, at: offset + 8)
                interfaces = []
            }
            let length = Int(try bytes.number32(at: offset + 4))
            guard length >= 12, length % 4 == 0 else { throw CaptureError(.wrongLength(length), at: offset + 4) }
            _ = try bytes.slice(offset, length)
            let last = Int(try bytes.number32(at: offset + length - 4))
            guard last == length else { throw CaptureError(.wrongLength(last), at: offset + length - 4) }
            let body = offset + 8..<offset + length - 4
            if isSection {
                let version = (Int(try bytes.number16(at: offset + 12)), Int(try bytes.number16(at: offset + 14)))
                guard version.0 == 1 else { throw CaptureError(.unknownVersion(version.0, version.1), at: offset + 12) }
            } else {
                let type = try bytes.number32(at: offset)
                if type == BlockType.interface {
                    interfaces.append(try interface(bytes, body, &capture))
                } else if let frame = try frame(bytes, body, type, interfaces) {
                    capture.frames.append(frame)
                }
            }
            offset += length
        }
        return capture
    }

    private static func byteOrderIsBig(_ bytes: CaptureBytes, at offset: Int) throws(CaptureError) -> Bool {
        var little = bytes
        little.isBigEndian = false
        switch try little.number32(at: offset) {
        case byteOrder: return false
        case byteOrder.byteSwapped: return true
        default: throw CaptureError(.unknownFormat, at: offset)
        }
    }

    private static func interface(
        _ bytes: CaptureBytes, _ body: Range<Int>, _ capture: inout Capture
    ) throws(CaptureError) -> Interface {
        guard body.count >= 8 else { throw CaptureError(.wrongLength(body.count), at: body.lowerBound) }
        let link = Int(try bytes.number16(at: body.lowerBound))
        guard link == PcapFile.ethernet else { throw CaptureError(.unknownLinkType(link), at: body.lowerBound) }
        var interface = Interface(position: capture.interfaces.count)
        interface.snapLength = Int(try bytes.number32(at: body.lowerBound + 4))
        var name: String?
        var offset = body.lowerBound + 8
        while body.upperBound - offset >= 4 {
            let (code, length) = (try bytes.number16(at: offset), Int(try bytes.number16(at: offset + 2)))
            guard code != Option.end else { break }
            guard length <= body.upperBound - offset - 4 else {
                throw CaptureError(.wrongLength(length), at: offset + 2)
            }
            let value = try bytes.slice(offset + 4, length)
            switch (code, value.first) {
            case (Option.name, _): name = String(decoding: value.prefix { $0 != 0 }, as: UTF8.self)
            case (Option.timeUnit, let unit?): interface.unitsPerSecond = try units(unit, at: offset + 4)
            case (Option.checkSequence, let count?): interface.checkByteCount = Int(count)
            case (Option.timeOffset, _) where length == 8:
                let halves = (UInt64(try bytes.number32(at: offset + 4)), UInt64(try bytes.number32(at: offset + 8)))
                interface.offset = bytes.isBigEndian ? halves.0 << 32 | halves.1 : halves.1 << 32 | halves.0
            default: break
            }
            offset += 4 + (length + 3) & ~3
        }
        capture.interfaces.append(name)
        return interface
    }

    /// Units in a second: a power of ten, or with the upper bit a power of two.
    private static func units(_ value: UInt8, at offset: Int) throws(CaptureError) -> UInt64 {
        let exponent = Int(value & 0x7F)
        if value & 0x80 != 0, exponent < 63 { return 1 << UInt64(exponent) }
        guard value & 0x80 == 0, exponent <= 18 else { throw CaptureError(.unknownTimeUnit(Int(value)), at: offset) }
        return (0..<exponent).reduce(1) { product, _ in product * 10 }
    }

    /// The frame of a block; `nil` for blocks that hold none.
    private static func frame(
        _ bytes: CaptureBytes, _ body: Range<Int>, _ type: UInt32, _ interfaces: [Interface]
    ) throws(CaptureError) -> CapturedFrame? {
        let start = body.lowerBound
        let isSimple = type == BlockType.simplePacket
        guard isSimple || type == BlockType.packet || type == BlockType.oldPacket else { return nil }
        let header = isSimple ? 4 : 20
        guard body.count >= header else { throw CaptureError(.wrongLength(body.count), at: start) }
        var number = 0
        if type == BlockType.packet { number = Int(try bytes.number32(at: start)) }
        if type == BlockType.oldPacket { number = Int(try bytes.number16(at: start)) }
        guard number < interfaces.count else { throw CaptureError(.unknownInterface(number), at: start) }
        let interface = interfaces[number]
        let original = Int(try bytes.number32(at: start + header - 4))
        var count = original
        var time: UInt64 = 0
        if isSimple {
            if interface.snapLength > 0 { count = min(count, interface.snapLength) }
            count = min(count, body.count - header)
        } else {
            let units = UInt64(try bytes.number32(at: start + 4)) << 32 | UInt64(try bytes.number32(at: start + 8))
            time = nanoseconds(units, of: interface)
            count = Int(try bytes.number32(at: start + 12))
        }
        guard count <= body.count - header else { throw CaptureError(.wrongLength(count), at: start + header - 8) }
        let frame = try bytes.slice(start + header, count)
        return CapturedFrame(
            time: time, interface: interface.position,
            bytes: Array(frame.dropLast(count == original ? interface.checkByteCount : 0)),
            originalByteCount: max(original - interface.checkByteCount, 0))
    }

    /// A time that is too far away wraps round rather than trap: it is the file's.
    private static func nanoseconds(_ units: UInt64, of interface: Interface) -> UInt64 {
        let (seconds, rest) = units.quotientAndRemainder(dividingBy: interface.unitsPerSecond)
        let fraction = rest.multipliedFullWidth(by: 1_000_000_000)
        let nanoseconds = interface.unitsPerSecond.dividingFullWidth(fraction).quotient
        return (seconds &+ interface.offset) &* 1_000_000_000 &+ nanoseconds
    }
}
