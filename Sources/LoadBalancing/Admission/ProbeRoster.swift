/// Which backends are being probed, and who wants to know when the set changes.
final class ProbeRoster: Sendable {
    private struct State {
        var probed: Set<UInt32> = []
        var signals: [Int: AsyncStream<Void>.Continuation] = [:]
        var lastNumber = 0
        var isFinished = false
    }

    private let state = Guarded(State())

    /// Notes who is to be told of changes.
    func add(_ signal: AsyncStream<Void>.Continuation) -> Int {
        state.withLock { state in
            if state.isFinished { signal.finish() }
            state.lastNumber += 1
            state.signals[state.lastNumber] = signal
            return state.lastNumber
        }
    }

    func remove(_ number: Int) {
        state.withLock { _ = $0.signals.removeValue(forKey: number) }
    }

    /// Ends all probing, now and later: the balancer's place has gone.
    func finish() {
        let signals = state.withLock { state in
            state.isFinished = true
            return Array(state.signals.values)
        }
        for signal in signals { signal.finish() }
    }

    /// Tells that the set has changed.
    func setChanged() {
        for signal in state.withLock({ Array($0.signals.values) }) { signal.yield() }
    }

    /// Notes that a backend is probed from now on; `false` if it is already.
    func checkIn(_ slotID: UInt32) -> Bool {
        state.withLock { $0.probed.insert(slotID).inserted }
    }

    /// Notes that a backend is not probed any more.
    func checkOut(_ slotID: UInt32) {
        state.withLock { _ = $0.probed.remove(slotID) }
        setChanged()
    }
}
