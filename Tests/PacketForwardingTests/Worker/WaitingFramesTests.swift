#if os(Linux)
    import LoadBalancing
    import Testing

    @testable import PacketForwarding

    /// Frames wait for another configuration, not for ever, and not many.
    struct WaitingFramesTests {
        private func at(_ seconds: Int) -> Timestamp { Timestamp(nanoseconds: UInt64(seconds) * 1_000_000_000) }

        private func keep(_ payload: UInt8, _ waiting: inout WaitingFrames, until end: Int = 10, version: UInt64 = 7) {
            withFrame(Frames.udp(.v4, payload: [payload])) { waiting.keep($0, until: at(end), version: version) }
        }

        private func payloads(_ frames: [WaitingFrames.Waiting]) -> [UInt8?] {
            var pool = FramePool(frameCount: 1, byteCount: 2_048, headroom: 0)
            return frames.map { $0.copy.contents(in: &pool)?.bytes.last }
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

        /// Each version of the configuration is asked once, until there is no use.
        @Test func waitOn() {
            var waiting = WaitingFrames()
            keep(1, &waiting, until: 10)
            var counts: [Int] = []
            for (seconds, version) in [(1, UInt64(8)), (2, 8), (3, 9), (10, 10), (11, 11)] {
                let taken = waiting.take(at: at(seconds), version: version)
                counts.append(taken.count)
                for frame in taken { waiting.keep(frame, version: version) }
            }
            #expect(counts == [1, 0, 1, 0, 0])
        }

        /// What one version knows does not keep the frames of another from being tried.
        @Test func waitByThemselves() {
            var waiting = WaitingFrames()
            keep(1, &waiting)
            keep(2, &waiting, version: 8)
            let first = waiting.take(at: at(1), version: 8)
            let second = waiting.take(at: at(1), version: 9)
            #expect(payloads(first) == [1])
            #expect(payloads(second) == [2])
        }

        @Test func theFirstWait() {
            var waiting = WaitingFrames()
            for number in 0..<40 { keep(UInt8(number), &waiting) }
            let taken = waiting.take(at: at(1), version: 8)
            #expect(payloads(taken) == (0..<16).map { $0 })
        }
    }
#endif
