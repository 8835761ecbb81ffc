#if os(Linux)
    import Synchronization

    /// A worker's change to its other ring, of which the kernel is told by a thread of its own.
    ///
    /// The kernel sends frames to the other ring at once, but answers only when no core looks at the program before any more:
    /// 6 to 24 ms later, in which a worker that waited would have its slots run over.
    final class RingTurn: Sendable {
        private enum State: UInt8, AtomicRepresentable {
            case begun, done, refused
        }

        /// What the thread tells; it knows nobody who waits for it.
        private final class Outcome: Sendable {
            let state = Atomic(State.begun)
        }

        private let outcome = Outcome()
        private let thread: WorkerThread

        /// Has a worker get frames by its other ring from now on.
        ///
        /// - Throws: ``PacketSocketError`` if the system has no room for a thread.
        init(_ worker: Int, of group: LinkGroup, toBlocks: Bool) throws(PacketSocketError) {
            thread = try WorkerThread { [outcome] in
                let isDone = group.turn(worker, toBlocks: toBlocks)
                outcome.state.store(isDone ? .done : .refused, ordering: .releasing)
            }
        }

        deinit {
            thread.join()
        }

        /// Whether the kernel has done it; `nil` while it has not answered.
        var isDone: Bool? {
            switch outcome.state.load(ordering: .acquiring) {
            case .begun: nil
            case .done: true
            case .refused: false
            }
        }
    }
#endif
