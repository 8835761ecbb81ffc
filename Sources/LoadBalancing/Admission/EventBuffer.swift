/// Somebody who is told what happens to a balancer's backends.
protocol EventReader: AnyObject, Sendable {
    /// Takes an event in; called under the balancer's locks.
    func add(_ event: BalancerEvent)
    /// No event comes any more.
    func finish()
}

extension EventBuffer: EventReader where Event == BalancerEvent {}

/// Events that wait for one reader: a bounded queue whose writer never waits.
final class EventBuffer<Event: Sendable>: Sendable {
    private struct State {
        var events: [Event] = []
        /// Where the oldest event is, once the buffer is full.
        var first = 0
        var droppedCount: UInt64 = 0
        var reader: CheckedContinuation<Event?, Never>?
        var isFinished = false

        /// Takes the oldest event out.
        mutating func take() -> Event? {
            guard first < events.count else { return nil }
            let event = events[first]
            first += 1
            if first == events.count {
                events.removeAll(keepingCapacity: true)
                first = 0
            }
            return event
        }
    }

    private let limit: Int
    private let state = Guarded(State())

    init(limit: Int) {
        self.limit = max(limit, 1)
    }

    var droppedCount: UInt64 { state.withLock { $0.droppedCount } }

    /// Adds an event; the oldest goes where there is no room.
    func add(_ event: Event) {
        let reader = state.withLock { state -> CheckedContinuation<Event?, Never>? in
            if let reader = state.reader.take() { return reader }
            if state.events.count - state.first >= limit {
                state.first += 1
                state.droppedCount += 1
            }
            if state.first >= limit {
                state.events.removeFirst(state.first)
                state.first = 0
            }
            state.events.append(event)
            return nil
        }
        reader?.resume(returning: event)
    }

    /// No event comes any more.
    func finish() {
        let reader = state.withLock { state in
            state.isFinished = true
            return state.reader.take()
        }
        reader?.resume(returning: nil)
    }

    /// All events that wait.
    func takeAll() -> [Event] {
        state.withLock { state in
            var events: [Event] = []
            while let event = state.take() { events.append(event) }
            return events
        }
    }

    /// The oldest event, when there is one; `nil` at the end or when the task is cancelled.
    func next() async -> Event? {
        await withTaskCancellationHandler {
            await withCheckedContinuation { (reader: CheckedContinuation<Event?, Never>) in
                let (event, isOver) = state.withLock { state -> (Event?, Bool) in
                    if let event = state.take() { return (event, true) }
                    if state.isFinished || state.reader != nil || Task.isCancelled { return (nil, true) }
                    state.reader = reader
                    return (nil, false)
                }
                if isOver { reader.resume(returning: event) }
            }
        } onCancel: {
            state.withLock { $0.reader.take() }?.resume(returning: nil)
        }
    }
}
