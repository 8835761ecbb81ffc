#if os(Linux)
    import LoadBalancing

    /// A few frames that wait until the station that they go to is known (RFC 4861 §7.2.2).
    struct WaitingFrames {
        /// A frame, until when it is of use, and the version of the configuration that did not know its station.
        struct Waiting {
            let copy: FrameCopy
            let end: Timestamp
            var version: UInt64
        }

        /// The most that wait, and for how long: three questions a second apart, after which senders are told by nobody.
        static let limit = 16
        static let patience = Duration.seconds(3)

        private var frames: [Waiting] = []

        /// Keeps a frame, if there is room, and it is not one that an interface has joined.
        mutating func keep(_ frame: borrowing Frame, until end: Timestamp, version: UInt64) {
            guard frames.count < Self.limit, frame.metadata.segmentation == nil else { return }
            frames.append(Waiting(copy: FrameCopy(frame), end: end, version: version))
        }

        /// Goes on keeping a frame that another version does not know the station of either.
        mutating func keep(_ waiting: Waiting, version: UInt64) {
            var waiting = waiting
            waiting.version = version
            frames.append(waiting)
        }

        /// The frames that are to be tried again, because more may be known than when they were tried.
        @inline(__always)
        mutating func take(at now: Timestamp, version: UInt64) -> [Waiting] {
            guard !frames.isEmpty else { return [] }
            return takeAny(at: now, version: version)
        }

        @inline(never)
        private mutating func takeAny(at now: Timestamp, version: UInt64) -> [Waiting] {
            frames.removeAll { $0.end <= now }
            let taken = frames.filter { $0.version != version }
            frames.removeAll { $0.version != version }
            return taken
        }
    }
#endif
