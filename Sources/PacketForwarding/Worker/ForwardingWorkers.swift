#if os(Linux)
    public import LoadBalancing
    import Synchronization

    /// A forwarder: threads that share the frames of the configuration's interfaces, each with an engine of its own.
    ///
    /// The kernel spreads frames by the clients' addresses, as ``WorkerSpread`` says, and lets in only what engines may act
    /// on. All methods may be called from any thread, but not by a ``DropObserver``.
    ///
    /// It needs CAP_NET_RAW.
    public final class ForwardingWorkers: Sendable {
        /// A worker, which its thread has for one step at a time.
        private final class Seat: Sendable {
            let worker: Mutex<ForwardingWorker>
            let statistics: EngineStatistics
            let descriptors: [CInt]
            let failure = Mutex<PacketSocketError?>(nil)

            init(_ worker: sending ForwardingWorker) {
                statistics = worker.engine.statistics
                descriptors = worker.descriptors
                self.worker = Mutex(worker)
            }
        }

        private let control: ForwardingControl
        private let options: WorkerOptions
        private let interfaces: [String]
        private let groups: [LinkGroup]
        private let seats: [Seat]
        private let threads = Mutex<[WorkerThread]>([])
        private let isStopped = Atomic(false)
        /// The version of the configuration that the kernel's programs were made from; whoever makes them has the lock.
        private let seenVersion: Atomic<UInt64>
        private let programming = Mutex<Void>(())

        /// Opens the configuration's interfaces; ``start()`` begins to forward.
        ///
        /// - Parameters:
        ///   - control: where the engines get their configuration, and changes of it; see ``update(_:)``.
        ///   - options: how many workers there are, and how they work.
        ///   - capacity: how large each engine may grow.
        ///   - time: the clock.
        ///   - dropObserver: what is told of frames that are dropped.
        /// - Throws: ``ForwardingWorkersError``, which says what is missing.
        public convenience init(
            _ control: ForwardingControl, options: WorkerOptions = WorkerOptions(),
            capacity: EngineCapacity = EngineCapacity(), time: TimeSource = .system, dropObserver: DropObserver? = nil
        ) throws(ForwardingWorkersError) {
            try self.init(control, options: options, time: time, dropObserver: dropObserver) { worker in
                ForwardingEngine(control, capacity: capacity, worker: worker, now: time.now())
            }
        }

        /// Opens the configuration's interfaces for engines of the caller's making, such as those that go on with the flows of
        /// a process before this.
        ///
        /// - Parameters:
        ///   - control: where the engines get their configuration, and changes of it; see ``update(_:)``.
        ///   - options: how many workers there are, and how they work.
        ///   - time: the clock.
        ///   - dropObserver: what is told of frames that are dropped.
        ///   - makeEngine: makes the engine of a worker; called for each of them in order.
        /// - Throws: ``ForwardingWorkersError``, which says what is missing.
        public init(
            _ control: ForwardingControl, options: WorkerOptions = WorkerOptions(), time: TimeSource = .system,
            dropObserver: DropObserver? = nil, makeEngine: (WorkerNumber) -> ForwardingEngine
        ) throws(ForwardingWorkersError) {
            let version = control.version.load(ordering: .acquiring)
            let configuration = control.configuration
            guard (1...LinkGroup.limit).contains(options.count) else { throw .workerCount(options.count) }
            try configuration.check(workers: options.count)
            self.control = control
            self.options = options
            interfaces = configuration.interfaces.map(\.name)
            seenVersion = Atomic(version)
            let company = options.count > 1 ? Company(control, workers: options.count) : nil
            do {
                var groups: [LinkGroup] = []
                for name in interfaces {
                    groups.append(
                        try LinkGroup(on: name, workers: options.count, options.link))
                }
                var seats: [Seat] = []
                for index in 0..<options.count {
                    let worker = try ForwardingWorker(
                        makeEngine(WorkerNumber(index, of: options.count)), as: index, of: groups,
                        options: options.link, time: time, company: company)
                    let seat = Seat(worker)
                    if let dropObserver {
                        seat.worker.withLock { $0.dropObserver = { dropObserver(index, $0, $1) } }
                    }
                    seats.append(seat)
                }
                self.groups = groups
                self.seats = seats
            } catch {
                throw .socket(error)
            }
            do {
                let rules = options.count > 1 ? SpreadRules(control, workers: options.count) : nil
                for (number, group) in groups.enumerated() {
                    try group.begin(rules, filter: options.filters ? FrameRules(control, interface: number) : nil)
                }
            } catch {
                throw .socket(error)
            }
        }

        /// How many workers there are.
        public var count: Int { seats.count }

        /// Starts the threads, if there are none; they go on, and keep this object, until ``stop()``.
        ///
        /// - Throws: ``ForwardingWorkersError`` if the system has no room for them.
        public func start() throws(ForwardingWorkersError) {
            do {
                try threads.withLock { threads throws(PacketSocketError) in
                    guard threads.isEmpty else { return }
                    isStopped.store(false, ordering: .relaxed)
                    for index in seats.indices {
                        threads.append(try WorkerThread { [self] in work(as: index) })
                    }
                }
            } catch {
                stop()
                throw .socket(error)
            }
        }

        /// Stops the threads; flows stay, and what comes in meanwhile waits as long as there is room.
        public func stop() {
            isStopped.store(true, ordering: .relaxed)
            let ending = threads.withLock { threads in
                defer { threads = [] }
                return threads
            }
            for thread in ending { thread.join() }
            for seat in seats { Self.settle(seat) }
        }

        /// Has an engine whose thread has ended take notice of what control has said last, so that the memory of its flows is
        /// of that configuration for whoever goes on with them.
        private static func settle(_ seat: Seat) {
            seat.worker.withLock { $0.engine.refresh() }
        }

        /// Why a worker ended without being told to; `nil` as long as none has.
        public var failure: PacketSocketError? {
            seats.lazy.compactMap { $0.failure.withLock { $0 } }.first
        }

        /// Puts another configuration in force; flows go on.
        ///
        /// It may be done while an interface is down, and when one is gone and the workers have ended: whoever goes on with their
        /// flows does so by the new configuration.
        ///
        /// The kernel lets in what either configuration wants before the engines know the new one, and what that alone wants
        /// afterwards: no packet is lost. After a change that ``ForwardingControl`` was told directly, this happens a little
        /// later than the change.
        ///
        /// - Throws: ``ForwardingWorkersError`` if the configuration is not as it should be, or the engines have no room for it; the
        ///   one in force then stays.
        public func update(_ configuration: ForwardingConfiguration) throws(ForwardingWorkersError) {
            guard configuration.interfaces.map(\.name) == interfaces else { throw .otherInterfaces }
            do { try configuration.check() } catch { throw .configuration(error) }
            try configuration.check(workers: count)
            let problem = programming.withLock { _ -> ForwardingConfigurationError? in
                if options.filters {
                    for (number, group) in groups.enumerated() {
                        let now = FrameRules(control, interface: number)
                        try? group.setFilter(now.union(FrameRules(configuration, interface: number)))
                    }
                }
                defer { follow() }
                do throws(ForwardingConfigurationError) { try control.update(configuration) } catch { return error }
                return nil
            }
            if let problem { throw .configuration(problem) }
            for seat in seats where seat.failure.withLock({ $0 != nil }) { Self.settle(seat) }
        }

        /// Has a worker's engine do something between two batches, such as tell of its flows.
        ///
        /// - Parameters:
        ///   - worker: the number of the worker.
        ///   - body: what is done; packets wait meanwhile.
        /// - Returns: what `body` returns.
        /// - Throws: what `body` throws.
        public func withEngine<Result: Sendable, Failure: Error>(
            of worker: Int, _ body: (inout ForwardingEngine) throws(Failure) -> Result
        ) throws(Failure) -> Result {
            try seats[worker].worker.withLock { worker throws(Failure) in try body(&worker.engine) }
        }

        /// What all engines have counted.
        public var snapshot: ForwardingSnapshot {
            ForwardingSnapshot(merging: seats.map { $0.statistics.snapshot() })
        }

        /// What the links have seen, in the order of the configuration's interfaces.
        public var statistics: [LinkStatistics] {
            var sums = Array(repeating: LinkStatistics(), count: interfaces.count)
            for seat in seats {
                for (number, statistics) in seat.worker.withLock({ $0.statistics }).enumerated() {
                    sums[number] += statistics
                }
            }
            return sums
        }

        private func work(as index: Int) {
            if index < options.cores.count { WorkerThread.pin(to: options.cores[index]) }
            let seat = seats[index]
            // An interface that goes for good goes down first, and only that is told.
            var hasGoneDown = false
            var rounds = 0
            while !isStopped.load(ordering: .relaxed) {
                let count = seat.worker.withLock { $0.step() }
                if index == 0, control.version.load(ordering: .relaxed) != seenVersion.load(ordering: .relaxed) {
                    programming.withLockIfAvailable { _ in follow() }
                }
                let waits = options.waits && count == 0
                // A worker that has no time to wait is to hear now and then what becomes of its interfaces.
                rounds &+= 1
                guard waits || rounds % 4_096 == 0 else { continue }
                do throws(PacketSocketError) {
                    if try Descriptor.awaitReadable(seat.descriptors, for: waits ? 10 : 0, on: "links") {
                        hasGoneDown = true
                    }
                    guard hasGoneDown else { continue }
                    try seat.worker.withLock { worker throws(PacketSocketError) in try worker.takeErrors() }
                } catch {
                    return seat.failure.withLock { $0 = error }
                }
            }
        }

        /// Has the kernel's programs follow what control has published.
        private func follow() {
            seenVersion.store(control.version.load(ordering: .acquiring), ordering: .relaxed)
            let rules = count > 1 ? SpreadRules(control, workers: count) : nil
            for (number, group) in groups.enumerated() {
                group.follow(rules, filter: options.filters ? FrameRules(control, interface: number) : nil)
            }
        }
    }
#endif
