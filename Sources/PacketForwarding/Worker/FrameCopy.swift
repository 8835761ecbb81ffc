#if os(Linux)
    /// A frame that is kept longer than the memory that it came in.
    struct FrameCopy: Sendable {
        private let bytes: [UInt8]
        private let metadata: FrameMetadata

        init(_ frame: borrowing Frame) {
            bytes = frame.withBytes { bytes in unsafe bytes.withUnsafeBytes { unsafe Array($0) } }
            metadata = frame.metadata
        }

        /// The frame as it was, in memory of a pool; `nil` if that has none, or too little.
        func frame(from pool: inout FramePool) -> Frame? {
            guard var frame = pool.take() else { return nil }
            guard unsafe frame.replaceBytes(with: bytes.span.bytes) else {
                pool.put(frame)
                return nil
            }
            frame.metadata = metadata
            return frame
        }
    }
#endif
