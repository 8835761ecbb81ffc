/// The frames that an engine handles in one go, in the order in which they came.
///
/// Its memory is allocated once; the frames' own memory stays with whoever owns that.
@frozen
@safe
public struct FrameBatch: ~Copyable {
    // Invariant: `frames` has room for `capacity` frames, of which the first `count` are initialised; every access is
    // checked against `count`, every addition against `capacity`.
    @usableFromInline let frames: UnsafeMutablePointer<Frame>

    /// The most frames that the batch takes.
    public let capacity: Int

    @usableFromInline var frameCount = 0

    /// The frames in it.
    @inlinable public var count: Int { frameCount }

    /// A batch without frames.
    public init(capacity: Int) {
        precondition(capacity > 0, "a batch without room")
        self.capacity = capacity
        unsafe frames = .allocate(capacity: capacity)
    }

    deinit {
        unsafe frames.deinitialize(count: count)
        unsafe frames.deallocate()
    }

    /// Whether there is room for another frame.
    @inlinable public var isFull: Bool { count == capacity }

    /// The frame at `index`, to be read or changed in place.
    public subscript(index: Int) -> Frame {
        @inlinable
        @inline(__always)
        _read {
            precondition(UInt(bitPattern: index) < UInt(bitPattern: count), "a frame that the batch does not have")
            yield unsafe frames[index]
        }
        @inlinable
        @inline(__always)
        _modify {
            precondition(UInt(bitPattern: index) < UInt(bitPattern: count), "a frame that the batch does not have")
            yield unsafe &frames[index]
        }
    }

    /// Puts a frame behind the others.
    ///
    /// The batch must not be full.
    @inlinable
    @inline(__always)
    public mutating func append(_ frame: consuming Frame) {
        precondition(!isFull, "a batch that is full")
        unsafe (frames + count).initialize(to: frame)
        frameCount &+= 1
    }

    /// Takes the last frame out; `nil` if there is none.
    @inlinable
    public mutating func popLast() -> Frame? {
        guard count > 0 else { return nil }
        frameCount &-= 1
        return unsafe (frames + count).move()
    }

    /// Forgets all frames; their memory is their owner's again.
    @inlinable
    public mutating func removeAll() {
        unsafe frames.deinitialize(count: count)
        frameCount = 0
    }
}
