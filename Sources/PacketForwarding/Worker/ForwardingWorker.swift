#if os(Linux)
    import CPacketSocket
    import Glibc
    public import LoadBalancing
    import Synchronization

    /// A thread's part of a forwarder: an engine between the links of its configuration.
    ///
    /// It has one owner at a time, which calls ``run(until:)`` or, from a loop of its own, ``step()`` and ``wait(for:)``.
    public final class ForwardingWorker {
        /// A link and the frames that came in through it.
        ///
        /// An object, because an array cannot hold what cannot be copied.
        private final class Port {
            var link: PacketLink
            var batch: FrameBatch

            init(_ link: consuming PacketLink, batch: Int) {
                self.link = link
                self.batch = FrameBatch(capacity: batch)
            }
        }

        /// The flows of the worker, and what is done with packets.
        var engine: ForwardingEngine
        private let ports: [Port]
        /// Whether an interface has gone down: one that goes for good does so first, and only that is told.
        private var hasGoneDown = false
        /// What the worker shares with others; `nil` if there are none.
        private let company: Company?
        private var verdicts: VerdictBatch
        private var pieces: FrameBatch
        private var pool: FramePool
        /// What came before the stations were known that it goes to.
        private var waiting = WaitingFrames()
        private let time: TimeSource

        /// Opens the links of a configuration.
        ///
        /// - Parameters:
        ///   - control: where the engine gets its configuration, and changes of it.
        ///   - interfaces: the kernel's names of the interfaces, in the order of the configuration.
        ///   - options: how the links share memory with the kernel.
        ///   - capacity: how large the engine may grow.
        ///   - time: the clock.
        /// - Throws: ``PacketSocketError`` for the first link that cannot be opened.
        public convenience init(
            _ control: ForwardingControl, interfaces: [String], options: PacketLinkOptions = PacketLinkOptions(),
            capacity: EngineCapacity = EngineCapacity(), time: TimeSource = .system
        ) throws(PacketSocketError) {
            let engine = ForwardingEngine(control, capacity: capacity, now: time.now())
            try self.init(engine, interfaces: interfaces, options: options, time: time)
        }

        /// Opens links for an engine that there is already, such as one whose flows outlive the program.
        ///
        /// - Parameters:
        ///   - engine: what handles the frames.
        ///   - interfaces: the kernel's names of the interfaces, in the order of the configuration.
        ///   - options: how the links share memory with the kernel.
        ///   - time: the clock, which is the engine's.
        /// - Throws: ``PacketSocketError`` for the first link that cannot be opened.
        public convenience init(
            _ engine: consuming ForwardingEngine, interfaces: [String],
            options: PacketLinkOptions = PacketLinkOptions(), time: TimeSource = .system
        ) throws(PacketSocketError) {
            let groups = try interfaces.map { name throws(PacketSocketError) in
                try LinkGroup(on: name, workers: 1, options)
            }
            try self.init(engine, as: 0, of: groups, options: options, time: time)
            for group in groups { try group.begin(nil, filter: nil) }
        }

        /// A worker around an engine, by its place among those that share the groups; frames come in when the groups begin.
        init(
            _ engine: consuming ForwardingEngine, as worker: Int, of groups: [LinkGroup], options: PacketLinkOptions,
            time: TimeSource, company: Company? = nil
        ) throws(PacketSocketError) {
            var ports: [Port] = []
            for (number, group) in groups.enumerated() {
                let link = try PacketLink(worker, of: group, number: UInt32(number), options: options)
                ports.append(Port(link, batch: options.batch))
            }
            self.ports = ports
            self.time = time
            self.company = company
            self.engine = engine
            verdicts = VerdictBatch(capacity: options.batch)
            // Enough for the pieces of the largest frame, at the smallest size that senders cut to, and for two of each
            // frame of a batch.
            let pieceCount = max(128, 2 * options.batch)
            pieces = FrameBatch(capacity: pieceCount)
            pool = FramePool(frameCount: pieceCount, byteCount: 9_216, headroom: options.headroom)
        }

        /// Forwards what has come in so far, a batch of each link.
        ///
        /// - Returns: how many frames there were.
        public func step() -> Int {
            var count = 0
            for port in ports {
                count += forward(from: port)
            }
            let now = time.now()
            if let company { hear(company, at: now) }
            tryAgain(at: now)
            engine.poll(at: now, frames: &pieces, pool: &pool)
            sendPieces()
            return count
        }

        /// Waits until a frame is there, or until `timeout` milliseconds have passed.
        ///
        /// - Throws: ``PacketSocketError`` if a link is gone.
        public func wait(for timeout: CInt) throws(PacketSocketError) {
            if try Descriptor.awaitReadable(descriptors, for: timeout, on: "links") { hasGoneDown = true }
            if hasGoneDown { try takeErrors() }
        }

        /// The descriptors to wait on.
        var descriptors: [CInt] { ports.flatMap { $0.link.descriptors } }

        /// Takes note of what has happened to interfaces.
        ///
        /// - Throws: ``PacketSocketError`` if one is gone.
        func takeErrors() throws(PacketSocketError) {
            for port in ports { try port.link.takeErrors() }
        }

        /// Forwards until `isStopped` says so, which is asked at least every 10 ms.
        ///
        /// - Throws: ``PacketSocketError`` if a link is gone.
        public func run(until isStopped: () -> Bool) throws(PacketSocketError) {
            while !isStopped() {
                if step() == 0 { try wait(for: 10) }
            }
        }

        /// What is called with each frame that was dropped, and why.
        ///
        /// The frame is as it came in, or is the answer that it became. It is on the way of all packets.
        public var dropObserver: ((borrowing Frame, DropReason) -> Void)?

        /// Says what would become of a frame now, and why.
        public func explain(_ frame: borrowing Frame) -> Explanation {
            engine.explain(frame, at: time.now())
        }

        /// What the engine counts, for any thread.
        public var engineStatistics: EngineStatistics { engine.statistics }

        /// Whether the engine has no room for the configuration in force: see ``ForwardingEngine/isOutgrown``.
        public var isOutgrown: Bool { engine.isOutgrown }

        /// What the links have seen, in the order of the configuration.
        public var statistics: [LinkStatistics] {
            ports.map { $0.link.statistics }
        }

        private func forward(from port: Port) -> Int {
            let count = receive(&port.link, &port.batch)
            guard count > 0 else { return 0 }
            handle(&port.batch)
            for port in ports { port.link.flush() }
            port.link.release()
            return count
        }

        private func receive(_ link: inout PacketLink, _ batch: inout FrameBatch) -> Int {
            batch.removeAll()
            link.receive(into: &batch)
            return batch.count
        }

        private func handle(_ batch: inout FrameBatch) {
            let now = time.now()
            guard !batch.hasLargeFrames else { return handleOneByOne(&batch, at: now) }
            engine.process(&batch, at: now, verdicts: &verdicts, pieces: &pieces, pool: &pool)
            for index in 0..<batch.count {
                finish(&batch[index], verdicts[index])
            }
            sendPieces()
        }

        /// Large frames may become so many pieces that there is room for those of one only.
        private func handleOneByOne(_ batch: inout FrameBatch, at now: Timestamp) {
            for index in 0..<batch.count {
                let verdict = engine.process(&batch[index], at: now, pieces: &pieces, pool: &pool)
                finish(&batch[index], verdict)
                sendPieces()
            }
        }

        /// Sends a frame, if it is to be.
        @inline(__always)
        private func finish(_ frame: inout Frame, _ verdict: Verdict) {
            switch verdict {
            case .send: send(&frame)
            case .answer(let reason):
                dropObserver?(frame, reason)
                send(&frame)
            case .drop(let reason):
                if reason == .noNeighbour { keep(frame) }
                dropObserver?(frame, reason)
            case .pass: company?.pass(frame, from: engine.worker.index)
            case .sendPieces: break
            }
        }

        /// Keeps a frame until the station is known that it goes to.
        @inline(never)
        private func keep(_ frame: borrowing Frame) {
            let end = time.now().advanced(by: WaitingFrames.patience)
            waiting.keep(frame, until: end, version: engine.seenVersion)
        }

        /// Handles frames once more that have waited; those that still have nowhere to go wait on.
        private func tryAgain(at now: Timestamp) {
            for former in waiting.take(at: now, version: engine.control.version.load(ordering: .relaxed)) {
                guard var frame = former.copy.frame(from: &pool) else { continue }
                switch engine.processAgain(&frame, at: now, pieces: &pieces, pool: &pool) {
                case .send, .answer: pieces.append(frame)
                case .drop(.noNeighbour):
                    waiting.keep(former, version: engine.seenVersion)
                    pool.put(frame)
                case .sendPieces, .drop, .pass: pool.put(frame)
                }
                sendPieces()
            }
        }

        /// Handles what other workers got that all of them are to see.
        private func hear(_ company: Company, at now: Timestamp) {
            for copy in company.take(for: engine.worker.index) {
                guard var frame = copy.frame(from: &pool) else { continue }
                _ = engine.processAgain(&frame, at: now, pieces: &pieces, pool: &pool)
                pool.put(frame)
            }
        }

        private func send(_ frame: inout Frame) {
            let number = Int(frame.metadata.interface)
            guard number < ports.count else { return }
            ports[number].link.send(&frame)
        }

        /// Sends what lies in the pool, which has it back then.
        private func sendPieces() {
            guard pieces.count > 0 else { return }
            for index in 0..<pieces.count { send(&pieces[index]) }
            for port in ports { port.link.flush() }
            while let piece = pieces.popLast() { pool.put(piece) }
        }
    }

    extension FrameBatch {
        /// Whether a frame is to be cut before it is sent.
        fileprivate var hasLargeFrames: Bool {
            for index in 0..<count where self[index].metadata.segmentation != nil { return true }
            return false
        }
    }
#endif
