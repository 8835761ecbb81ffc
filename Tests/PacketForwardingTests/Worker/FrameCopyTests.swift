#if os(Linux)
    import Testing

    @testable import PacketForwarding

    /// A copy of a frame is the frame, in whatever memory there is.
    struct FrameCopyTests {
        private static let bytes = Frames.udp(.v4, payload: [1, 2, 3])

        private func copy() -> FrameCopy {
            withFrame(Self.bytes, metadata: FrameMetadata(interface: 3)) { FrameCopy($0) }
        }

        @Test func isTheFrame() {
            var pool = FramePool(frameCount: 1, byteCount: Self.bytes.count, headroom: 64)
            let contents = copy().contents(in: &pool)
            #expect(contents == FrameCopy.Contents(bytes: Self.bytes, interface: 3))
        }

        /// What is too small is there for others.
        @Test func needsRoom() {
            var pool = FramePool(frameCount: 1, byteCount: Self.bytes.count - 1, headroom: 64)
            let contents = copy().contents(in: &pool)
            let left = pool.freeCount
            #expect(contents == nil)
            #expect(left == 1)
        }

        @Test func needsAFrame() throws {
            var pool = FramePool(frameCount: 1, byteCount: 2_048, headroom: 64)
            guard let taken = pool.take() else { throw LackOfFrames() }
            let contents = copy().contents(in: &pool)
            pool.put(taken)
            #expect(contents == nil)
        }

        private struct LackOfFrames: Error {}
    }

    extension FrameCopy {
        /// What a copy becomes in a pool.
        struct Contents: Equatable {
            let bytes: [UInt8]
            let interface: UInt32
        }

        /// The copy's bytes and interface, after it was put in memory of `pool`; `nil` if there is no room.
        func contents(in pool: inout FramePool) -> Contents? {
            guard let frame = frame(from: &pool) else { return nil }
            let contents = Contents(bytes: frame.array, interface: frame.metadata.interface)
            pool.put(frame)
            return contents
        }
    }
#endif
