/// A frame's bytes where they lie at the moment, for whoever looks at many of them: the bounds are read once.
///
/// Positions that are written down are checked when this is compiled, if the length was looked at before.
@safe
struct FrameBytes: BitwiseCopyable {
    // Invariant: `start ..< start + count` are bytes of one frame, whose owner has promised that nobody else uses them. It
    // is taken anew after each change of where the frame begins or ends, so it never reaches further than the frame,
    // and every access is checked against `count`.
    private let start: UnsafeMutableRawPointer
    /// How many bytes there are.
    let count: Int

    @inline(__always)
    @unsafe
    init(start: UnsafeMutableRawPointer, count: Int) {
        unsafe self.start = start
        self.count = count
    }

    /// The bytes from `offset` on; none if there are none.
    @inline(__always)
    func from(_ offset: Int) -> FrameBytes {
        let offset = min(max(offset, 0), count)
        return unsafe FrameBytes(start: start + offset, count: count &- offset)
    }

    @inline(__always)
    private func address(of size: Int, at offset: Int) -> UnsafeMutableRawPointer {
        precondition(offset >= 0 && size <= count && offset <= count &- size, "bytes outside of a frame")
        return unsafe start + offset
    }

    @inline(__always)
    func byte(at offset: Int) -> UInt8 {
        unsafe address(of: 1, at: offset).load(as: UInt8.self)
    }

    /// The number at `offset`, in network byte order there.
    @inline(__always)
    func bigEndian<Number: FixedWidthInteger & BitwiseCopyable>(at offset: Int, as type: Number.Type) -> Number {
        Number(bigEndian: unsafe address(of: MemoryLayout<Number>.size, at: offset).loadUnaligned(as: type))
    }

    @inline(__always)
    func store(byte: UInt8, at offset: Int) {
        unsafe address(of: 1, at: offset).storeBytes(of: byte, as: UInt8.self)
    }

    /// Writes `number` at `offset`, in network byte order.
    @inline(__always)
    func store<Number: FixedWidthInteger & BitwiseCopyable>(bigEndian number: Number, at offset: Int) {
        unsafe address(of: MemoryLayout<Number>.size, at: offset).storeBytes(of: number.bigEndian, as: Number.self)
    }
}
