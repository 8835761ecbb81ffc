/// What became of the frames of a batch, in the order of the frames.
///
/// Its memory is allocated once, and used again for each batch.
@frozen
@safe
public struct VerdictBatch: ~Copyable {
    /// What became of one frame.
    @usableFromInline
    struct Entry: BitwiseCopyable {
        @usableFromInline let verdict: Verdict
        /// How many pieces there are of it and of all frames before it.
        let pieceEnd: Int
    }

    // Invariant: `entries` has room for `capacity` entries, of which the first `count` are initialised; every access is
    // checked against these numbers.
    @usableFromInline let entries: UnsafeMutablePointer<Entry>

    /// The most frames of a batch.
    public let capacity: Int

    @usableFromInline var frameCount = 0

    /// The frames of the batch that was handled last.
    @inlinable public var count: Int { frameCount }

    /// Pieces that were there before the batch.
    @usableFromInline var pieceStart = 0

    /// Memory for batches of up to `capacity` frames.
    public init(capacity: Int) {
        precondition(capacity > 0, "a batch without room")
        self.capacity = capacity
        unsafe entries = .allocate(capacity: capacity)
    }

    deinit {
        unsafe entries.deallocate()
    }

    /// What became of the frame at `index`.
    public subscript(index: Int) -> Verdict {
        @inlinable
        @inline(__always)
        get { entry(index).verdict }
    }

    /// Which of the pieces are those of the frame at `index`: none, unless its verdict is ``Verdict/sendPieces``.
    public func pieces(of index: Int) -> Range<Int> {
        (index > 0 ? entry(index - 1).pieceEnd : pieceStart)..<entry(index).pieceEnd
    }

    @inlinable
    @inline(__always)
    func entry(_ index: Int) -> Entry {
        precondition(UInt(bitPattern: index) < UInt(bitPattern: count), "a frame that the batch did not have")
        return unsafe entries[index]
    }

    /// Begins another batch of `frames` frames, which must not be more than there is room for.
    mutating func begin(frames: Int, pieces: Int) {
        precondition(frames <= capacity, "a batch of more frames than there is room for verdicts")
        frameCount = 0
        pieceStart = pieces
    }

    /// Says what became of the next frame.
    @inline(__always)
    mutating func append(_ verdict: Verdict, pieces: Int) {
        precondition(count < capacity, "a batch of more frames than there is room for verdicts")
        unsafe (entries + count).initialize(to: Entry(verdict: verdict, pieceEnd: pieces))
        frameCount &+= 1
    }
}
