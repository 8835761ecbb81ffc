/// Memory for frames that no interface lends: answers, fragments, frames of files and tests.
///
/// All of it is allocated at once. A pool must get back every frame that was taken from it, in any order, before it ends.
@safe
public struct FramePool: ~Copyable {
    // Invariant: `memory` is divided among `frameCount` frames, and lives until all of them are in `free`. A frame cannot
    // be copied, so what is in `free` is in nobody's hands, and no two frames have the same part.
    private let memory: UnsafeMutableRawBufferPointer
    private let headroom: Int
    private var free: FrameBatch

    /// The frames that there are, taken or not.
    public var frameCount: Int { free.capacity }

    /// The frames that are not taken.
    public var freeCount: Int { free.count }

    /// Memory for `frameCount` frames.
    ///
    /// - Parameters:
    ///   - frameCount: The most frames in use at a time.
    ///   - byteCount: The longest frame.
    ///   - headroom: Bytes before each frame, for outer headers and tags.
    public init(frameCount: Int, byteCount: Int, headroom: Int) {
        precondition(byteCount > 0 && headroom >= 0, "frames without room")
        self.headroom = headroom
        let stride = headroom + byteCount
        unsafe memory = .allocate(byteCount: frameCount * stride, alignment: 64)
        unsafe memory.initializeMemory(as: UInt8.self, repeating: 0)
        free = FrameBatch(capacity: frameCount)
        for index in 0..<frameCount {
            let part = unsafe UnsafeMutableRawBufferPointer(rebasing: memory[index * stride..<(index + 1) * stride])
            free.append(unsafe Frame(memory: part, headroom: headroom, byteCount: 0))
        }
    }

    deinit {
        precondition(free.isFull, "a frame outlives its pool")
        unsafe memory.deallocate()
    }

    /// An empty frame, with whatever its memory held before; `nil` if all are in use.
    public mutating func take() -> Frame? {
        guard var frame = free.popLast() else { return nil }
        _ = frame.reset(headroom: headroom, byteCount: 0)
        frame.metadata = FrameMetadata()
        return frame
    }

    /// Takes back a frame that came from this pool.
    public mutating func put(_ frame: consuming Frame) {
        precondition(unsafe frame.lies(in: memory), "a frame of another owner")
        free.append(frame)
    }
}
