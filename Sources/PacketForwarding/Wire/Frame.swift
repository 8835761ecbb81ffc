import CPacketSocket

/// An Ethernet frame in memory that somebody else owns, with room to grow at both ends.
///
/// A frame begins at its destination MAC address and ends before the frame check sequence. What is written in front of
/// it (an outer header) takes from ``headroom``, what is written behind it from ``tailroom``: nothing is copied but the
/// bytes that move. What the interface said about the frame, and what it is to be told, stands in ``metadata``.
///
/// Every access is checked against the frame's bounds; one outside them is a mistake of the caller, not of the sender,
/// and ends the program.
@frozen
@safe
public struct Frame: ~Copyable {
    // Invariant: `memory ..< memory + capacity` may be read and written, and is by nobody else, for as long as the frame
    // is used (whoever makes a frame promises that); and 0 <= front <= front + length <= capacity, which every
    // change below keeps. So each access that is checked against `length` stays inside the memory.
    @usableFromInline let memory: UnsafeMutableRawPointer
    @usableFromInline let capacity: Int

    @usableFromInline var front: Int
    @usableFromInline var length: Int

    /// Bytes that the frame may grow at its front.
    @inlinable public var headroom: Int { front }

    /// Bytes from the destination MAC address to the end, without the frame check sequence.
    @inlinable public var byteCount: Int { length }

    /// What is known about the frame besides its bytes.
    public var metadata: FrameMetadata

    /// A frame in memory that the caller owns.
    ///
    /// The memory must outlive the frame, and nobody else may use it meanwhile.
    ///
    /// - Parameters:
    ///   - memory: Headroom, the frame, and tailroom.
    ///   - headroom: Where in `memory` the frame begins.
    ///   - byteCount: The frame's length.
    ///   - metadata: What the interface said about it.
    @unsafe
    @inlinable
    public init(
        memory: UnsafeMutableRawBufferPointer, headroom: Int, byteCount: Int, metadata: FrameMetadata = FrameMetadata()
    ) {
        precondition(
            headroom >= 0 && byteCount >= 0 && headroom <= memory.count - byteCount, "a frame outside of its memory")
        guard let base = memory.baseAddress else { preconditionFailure("a frame without memory") }
        unsafe self.memory = base
        self.capacity = memory.count
        front = headroom
        length = byteCount
        self.metadata = metadata
    }

    /// Bytes that the frame may grow at its end.
    public var tailroom: Int { capacity &- headroom &- byteCount }

    /// Whether the frame's memory is a part of `memory`.
    func lies(in memory: UnsafeMutableRawBufferPointer) -> Bool {
        guard let base = memory.baseAddress else { return false }
        return unsafe self.memory >= base && self.memory + capacity <= base + memory.count
    }

    /// Where the frame lies, with `count` bytes of its headroom in front; `nil` without them.
    ///
    /// What is done there must keep to the promise that the frame's owner made.
    @unsafe
    @inline(__always)
    func memory(withFront count: Int) -> UnsafeMutableRawBufferPointer? {
        guard count >= 0, count <= headroom else { return nil }
        return unsafe UnsafeMutableRawBufferPointer(start: start - count, count: byteCount &+ count)
    }

    /// Asks for the cache line in front of the frame, where an outer header will be written.
    @inline(__always)
    func prefetchFront() {
        // A prefetch reads nothing, and the address is not used otherwise.
        unsafe packet_socket_prefetch(UnsafeRawPointer(bitPattern: UInt(bitPattern: start) &- 1))
    }

    private var start: UnsafeMutableRawPointer {
        @inline(__always) get { unsafe memory + headroom }
    }

    /// Where `count` bytes at `offset` lie; ends the program if they are not all in the frame.
    @inline(__always)
    private func address(of count: Int, at offset: Int) -> UnsafeMutableRawPointer {
        precondition(offset >= 0 && count >= 0 && offset <= byteCount &- count, "bytes outside of a frame")
        return unsafe start + offset
    }
}

/// Reading and writing.
extension Frame {
    /// Where the frame's bytes lie until it is moved, grown or cut.
    var bytes: FrameBytes {
        @inline(__always) get { unsafe FrameBytes(start: start, count: byteCount) }
    }

    /// Reads the frame's bytes.
    @inline(__always)
    public func withBytes<Result, Failure: Error>(_ body: (RawSpan) throws(Failure) -> Result) throws(Failure) -> Result
    {
        let buffer = unsafe UnsafeRawBufferPointer(start: start, count: byteCount)
        return try unsafe body(buffer.bytes)
    }

    /// Becomes a frame of `bytes` behind the same headroom, with the same metadata.
    ///
    /// - Parameter bytes: The frame from its destination MAC address on, without the frame check sequence.
    /// - Returns: `false`, and no change, if the memory is too small.
    public mutating func replaceBytes(with bytes: RawSpan) -> Bool {
        guard reset(headroom: headroom, byteCount: bytes.byteCount) else { return false }
        store(bytes, at: 0)
        return true
    }

    /// The byte at `offset`.
    @inline(__always)
    func byte(at offset: Int) -> UInt8 {
        unsafe address(of: 1, at: offset).load(as: UInt8.self)
    }

    /// The number at `offset`, in network byte order there.
    @inline(__always)
    func bigEndian<Number: FixedWidthInteger & BitwiseCopyable>(at offset: Int, as type: Number.Type) -> Number {
        Number(bigEndian: unsafe address(of: MemoryLayout<Number>.size, at: offset).loadUnaligned(as: type))
    }

    /// Writes `byte` at `offset`.
    @inline(__always)
    mutating func store(byte: UInt8, at offset: Int) {
        unsafe address(of: 1, at: offset).storeBytes(of: byte, as: UInt8.self)
    }

    /// Writes `number` at `offset`, in network byte order.
    @inline(__always)
    mutating func store<Number: FixedWidthInteger & BitwiseCopyable>(bigEndian number: Number, at offset: Int) {
        unsafe address(of: MemoryLayout<Number>.size, at: offset).storeBytes(of: number.bigEndian, as: Number.self)
    }

    /// Writes `bytes` at `offset`.
    mutating func store(_ bytes: RawSpan, at offset: Int) {
        let target = unsafe UnsafeMutableRawBufferPointer(
            start: address(of: bytes.byteCount, at: offset), count: bytes.byteCount)
        unsafe bytes.withUnsafeBytes { unsafe target.copyMemory(from: $0) }
    }

    /// Writes `byte` into `range`, everywhere.
    mutating func fill(_ range: Range<Int>, with byte: UInt8 = 0) {
        unsafe address(of: range.count, at: range.lowerBound)
            .initializeMemory(as: UInt8.self, repeating: byte, count: range.count)
    }

    /// Copies `range` to `offset`; the two may overlap.
    @inline(__always)
    mutating func copy(_ range: Range<Int>, to offset: Int) {
        let target = unsafe address(of: range.count, at: offset)
        unsafe target.copyMemory(from: address(of: range.count, at: range.lowerBound), byteCount: range.count)
    }

    /// Copies `range` of another frame to `offset`.
    mutating func copy(_ range: Range<Int>, of other: borrowing Frame, to offset: Int) {
        let target = unsafe address(of: range.count, at: offset)
        unsafe target.copyMemory(from: other.address(of: range.count, at: range.lowerBound), byteCount: range.count)
    }
}

/// Growing and shrinking.
extension Frame {
    /// Makes room for `count` bytes in front, whose contents are undefined; `false`, and no change, without the headroom.
    @inline(__always)
    mutating func extendFront(by count: Int) -> Bool {
        guard count >= 0, count <= headroom else { return false }
        front &-= count
        length &+= count
        metadata.checksum.moveStart(by: count)
        return true
    }

    /// Takes `count` bytes off the front.
    @inline(__always)
    mutating func trimFront(by count: Int) {
        precondition(count >= 0 && count <= byteCount, "more to take off than there is")
        front &+= count
        length &-= count
        metadata.checksum.moveStart(by: 0 &- count)
    }

    /// Makes room for `count` bytes at the end, whose contents are undefined; `false`, and no change, without the tailroom.
    mutating func extendBack(by count: Int) -> Bool {
        guard count >= 0, count <= tailroom else { return false }
        length &+= count
        return true
    }

    /// Cuts the frame off behind its first `count` bytes, if it is longer.
    @inline(__always)
    mutating func truncate(to count: Int) {
        guard count < byteCount else { return }
        precondition(count >= 0, "a frame of less than nothing")
        length = count
    }

    /// Becomes `count` bytes of undefined contents behind `headroom` bytes; `false`, and no change, if that does not fit.
    mutating func reset(headroom: Int, byteCount count: Int) -> Bool {
        guard headroom >= 0, count >= 0, headroom <= capacity, count <= capacity &- headroom else { return false }
        front = headroom
        length = count
        return true
    }
}
