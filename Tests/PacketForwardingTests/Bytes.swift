@testable import PacketForwarding

/// Bytes of frames, as tests write them.
enum Bytes {
    /// The bytes that hexadecimal digits mean; blanks between them count for nothing.
    static func of(_ hexadecimal: String) -> [UInt8] {
        let digits = hexadecimal.filter { !$0.isWhitespace }.compactMap { $0.hexDigitValue }
        return stride(from: 0, to: digits.count - 1, by: 2).map { UInt8(digits[$0] << 4 | digits[$0 + 1]) }
    }

    /// `bytes` in lower-case hexadecimal.
    static func hexadecimal(_ bytes: some Sequence<UInt8>) -> String {
        bytes.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
    }
}

extension [UInt8] {
    /// Reads the bytes as a span.
    func withRawSpan<Result>(_ body: (RawSpan) throws -> Result) rethrows -> Result {
        // Every bit pattern is a byte.
        try unsafe body(span.bytes)
    }
}

extension Frame {
    /// The bytes as an array.
    var array: [UInt8] {
        withBytes { bytes in (0..<bytes.byteCount).map { bytes.byte(at: $0) } }
    }
}

/// A frame of `bytes`, in memory that is 0xFF around it, so that bytes nobody writes are found.
func withFrame<Result, Failure: Error>(
    _ bytes: [UInt8], headroom: Int = 64, tailroom: Int = 64, metadata: FrameMetadata = FrameMetadata(),
    _ body: (inout Frame) throws(Failure) -> Result
) throws(Failure) -> Result {
    var pool = FramePool(frameCount: 1, byteCount: bytes.count + tailroom, headroom: headroom)
    guard var frame = pool.take() else { preconditionFailure("a pool without a frame") }
    _ = frame.reset(headroom: 0, byteCount: headroom + bytes.count + tailroom)
    frame.fill(0..<frame.byteCount, with: 0xFF)
    _ = frame.reset(headroom: headroom, byteCount: 0)
    frame.metadata = metadata
    _ = bytes.withRawSpan { frame.replaceBytes(with: $0) }
    do throws(Failure) {
        let result = try body(&frame)
        pool.put(frame)
        return result
    } catch {
        pool.put(frame)
        throw error
    }
}

/// What the headers of a frame say.
func read(_ frame: borrowing Frame) -> Packet? {
    frame.withBytes { bytes in
        EthernetHeader(bytes, tag: frame.metadata.tag).flatMap {
            Packet(bytes, behind: $0, checksum: frame.metadata.checksum)
        }
    }
}

/// What the headers of `bytes` say.
func read(_ bytes: [UInt8]) -> Packet? {
    withFrame(bytes) { read($0) }
}

/// A frame of a test that is not what the test takes it for.
struct NotAPacket: Error {}

/// What the headers of a frame say, which has a packet.
func parsed(_ frame: borrowing Frame) throws -> Packet {
    guard let packet = read(frame) else { throw NotAPacket() }
    return packet
}

/// What the headers of `bytes` say, which have a packet.
func parsed(_ bytes: [UInt8]) throws -> Packet {
    guard let packet = read(bytes) else { throw NotAPacket() }
    return packet
}

/// The link header of a frame, which has one.
func link(of frame: [UInt8]) throws -> EthernetHeader {
    guard let header = frame.withRawSpan({ EthernetHeader($0) }) else { throw NotAPacket() }
    return header
}
