#if os(Linux)
    import LoadBalancing

    /// A few frames that wait until the station that they go to is known (RFC 4861 §7.2.2).
    struct WaitingFrames {
        /// The most that wait, and for how long: three questions a second apart, after which senders are told by nobody.
        static let limit = 16
        static let patience = Duration.seconds(3)

        /// The frames as they came in, and until when each is of use.
        private var frames: [(copy: FrameCopy, end: Timestamp)] = []
        /// The version of the configuration that did not know the stations.
        private var version: UInt64 = 0

        /// Keeps a frame, if there is room, and it is not one that an interface has joined.
        mutating func keep(_ frame: borrowing Frame, until end: Timestamp, version: UInt64) {
            guard frames.count < Self.limit, frame.metadata.segmentation == nil else { return }
            frames.append((FrameCopy(frame), end))
            self.version = version
        }

        /// The frames that are to be tried again, because more is known than when they came.
        @inline(__always)
        mutating func take(at now: Timestamp, version: UInt64) -> [FrameCopy] {
            guard !frames.isEmpty, version != self.version else { return [] }
            defer { frames = [] }
            return frames.filter { $0.end > now }.map(\.copy)
        }
    }
#endif
