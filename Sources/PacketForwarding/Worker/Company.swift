#if os(Linux)
    import Synchronization

    /// What a frame was dropped for, told by the thread of the worker that dropped it.
    ///
    /// The frame is only lent; it is as it was when the worker gave it up.
    public typealias DropObserver = @Sendable (_ worker: Int, _ frame: borrowing Frame, _ reason: DropReason) -> Void

    /// The workers that share the frames of the same interfaces.
    ///
    /// A frame goes to one of them. The few that all are to see, messages about the path to a tunnel's end, go on from there.
    final class Company: Sendable {
        /// What waits for one worker.
        private final class Box: Sendable {
            let frames = Mutex<[FrameCopy]>([])
            let hasAny = Atomic(false)
        }

        /// The most that waits for a worker: what is lost will be said again.
        private static let limit = 64

        private let boxes: [Box]
        private let spread: Mutex<WorkerSpread>

        init(_ control: ForwardingControl, workers: Int) {
            boxes = (0..<workers).map { _ in Box() }
            spread = Mutex(WorkerSpread(control, workers: workers))
        }

        /// Passes a frame on that was not the engine's, if all are to see it.
        func pass(_ frame: borrowing Frame, from worker: Int) {
            let isForAll = spread.withLock { spread in
                spread.refresh()
                return spread.worker(for: frame) == nil
            }
            guard isForAll else { return }
            let copy = FrameCopy(frame)
            for (number, box) in boxes.enumerated() where number != worker {
                box.frames.withLock { if $0.count < Self.limit { $0.append(copy) } }
                box.hasAny.store(true, ordering: .releasing)
            }
        }

        /// What others have passed on to a worker.
        func take(for worker: Int) -> [FrameCopy] {
            let box = boxes[worker]
            guard box.hasAny.load(ordering: .relaxed), box.hasAny.exchange(false, ordering: .acquiring) else {
                return []
            }
            return box.frames.withLock { frames in
                defer { frames = [] }
                return frames
            }
        }
    }
#endif
