#if os(Linux)
    import LoadBalancing
    import Testing

    @testable import PacketForwarding

    /// Frames wait for another configuration, not for ever, and not many.
    struct WaitingFramesTests {
        private func at(_ seconds: Int) -> Timestamp { Timestamp(nanoseconds: UInt64(seconds) * 1_000_000_000) }

        private func keep(_ payload: UInt8, _ waiting: inout WaitingFrames, until end: Int = 10) {
            withFrame(Frames.udp(.v4, payload: [payload])) { waiting.keep($0, until: at(end), version: 7) }
        }

        private func payloads(_ copies: [FrameCopy]) -> [UInt8?] {
            var pool = FramePool(frameCount: 1, byteCount: 2_048, headroom: 0)
            return copies.map { $0.contents(in: &pool)?.bytes.last }
        }

        @Test(arguments: [
            (version: UInt64(7), seconds: 1, left: [UInt8]()), (8, 1, [1, 2, 3]), (8, 3, [1, 3]), (8, 10, []),
        ])
        func areTriedAgain(version: UInt64, seconds: Int, left: [UInt8]) {
            var waiting = WaitingFrames()
            keep(1, &waiting)
            keep(2, &waiting, until: 2)
            keep(3, &waiting)
            let taken = waiting.take(at: at(seconds), version: version)
            #expect(payloads(taken) == left)
        }

        @Test func waitOnce() {
            var waiting = WaitingFrames()
            keep(1, &waiting)
            let counts = [UInt64(8), 9].map { waiting.take(at: at(1), version: $0).count }
            #expect(counts == [1, 0])
        }

        @Test func theFirstWait() {
            var waiting = WaitingFrames()
            for number in 0..<40 { keep(UInt8(number), &waiting) }
            let taken = waiting.take(at: at(1), version: 8)
            #expect(payloads(taken) == (0..<16).map { $0 })
        }
    }
#endif
