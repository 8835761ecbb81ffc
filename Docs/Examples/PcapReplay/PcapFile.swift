/// Capture files as tcpdump writes them: a header, and each frame behind a small header of its own.
///
/// The format is that of `pcap-savefile(5)`, with microseconds or nanoseconds.
enum PcapFile {
    /// What a file begins with, in the byte order of its writer.
    enum Magic {
        static let microseconds: UInt32 = 0xA1B2_C3D4
        static let nanoseconds: UInt32 = 0xA1B2_3C4D
    }

    static let ethernet = 1
    static let headerByteCount = 24
    static let recordHeaderByteCount = 16
    /// The longest frame that tcpdump writes.
    static let maximumByteCount = 262_144

    static func read(_ bytes: CaptureBytes) throws(CaptureError) -> Capture {
        var bytes = bytes
        let magic = try bytes.number32(at: 0)
        let nanosecondsPerUnit: UInt64
        switch magic {
        case Magic.microseconds, Magic.microseconds.byteSwapped: nanosecondsPerUnit = 1_000
        case Magic.nanoseconds, Magic.nanoseconds.byteSwapped: nanosecondsPerUnit = 1
        default: throw CaptureError(.unknownFormat, at: 0)
        }
        bytes.isBigEndian = magic == Magic.microseconds.byteSwapped || magic == Magic.nanoseconds.byteSwapped
        let version = (Int(try bytes.number16(at: 4)), Int(try bytes.number16(at: 6)))
        guard version == (2, 4) else { throw CaptureError(.unknownVersion(version.0, version.1), at: 4) }
        let link = try bytes.number32(at: 20)
        guard Int(link & 0xFFFF) == ethernet else { throw CaptureError(.unknownLinkType(Int(link & 0xFFFF)), at: 20) }
        // The upper bits say whether frames end with their check sequence, and of how many 16-bit words it is.
        let checkByteCount = link & 0x0400_0000 != 0 ? Int(link >> 28) * 2 : 0

        var capture = Capture(interfaces: [nil])
        var offset = headerByteCount
        while offset < bytes.bytes.count {
            let count = Int(try bytes.number32(at: offset + 8))
            guard count <= maximumByteCount else { throw CaptureError(.wrongLength(count), at: offset + 8) }
            let original = Int(try bytes.number32(at: offset + 12))
            let seconds = UInt64(try bytes.number32(at: offset))
            let fraction = UInt64(try bytes.number32(at: offset + 4)) * nanosecondsPerUnit
            let frame = try bytes.slice(offset + recordHeaderByteCount, count)
            capture.frames.append(
                CapturedFrame(
                    time: seconds * 1_000_000_000 + fraction, interface: 0,
                    bytes: Array(frame.dropLast(count == original ? checkByteCount : 0)),
                    originalByteCount: max(original - checkByteCount, 0)))
            offset += recordHeaderByteCount + count
        }
        return capture
    }

    /// A file of frames, little-endian and with nanoseconds.
    static func bytes(of frames: [CapturedFrame]) -> [UInt8] {
        var bytes: [UInt8] = []
        func append(_ number: UInt32) {
            bytes += [0, 8, 16, 24].map { UInt8(truncatingIfNeeded: number >> $0) }
        }
        append(Magic.nanoseconds)
        append(4 << 16 | 2)
        append(0)
        append(0)
        append(UInt32(maximumByteCount))
        append(UInt32(ethernet))
        for frame in frames {
            append(UInt32(truncatingIfNeeded: frame.time / 1_000_000_000))
            append(UInt32(truncatingIfNeeded: frame.time % 1_000_000_000))
            append(UInt32(truncatingIfNeeded: frame.bytes.count))
            append(UInt32(truncatingIfNeeded: frame.originalByteCount))
            bytes += frame.bytes
        }
        return bytes
    }
}
