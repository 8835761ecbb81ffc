/// What one task waits for and another brings about, in whichever order: once made, it wakes whoever waits or will wait.
final class WakeUpCall: Sendable {
    private enum State {
        case expected
        case awaited(CheckedContinuation<Void, Never>)
        case made
    }

    private let state = Guarded(State.expected)

    /// Wakes the task that waits; later calls do nothing.
    func make() {
        let old = state.withLock { state in
            defer { state = .made }
            return state
        }
        if case .awaited(let continuation) = old { continuation.resume() }
    }

    /// Waits until the call is made, the time is over or the task is cancelled; one task, once.
    nonisolated(nonsending) func wait(until deadline: Timestamp, by time: TimeSource) async {
        await withTaskGroup(of: Void.self) { group in
            group.addTask {
                // Cancelled with the task that waits, it makes the call at once.
                try? await time.sleep(until: deadline)
                self.make()
            }
            await untilMade()
            group.cancelAll()
        }
    }

    /// Waits until the call is made or the task is cancelled; one task, once.
    nonisolated(nonsending) func wait() async {
        await withTaskCancellationHandler {
            await untilMade()
        } onCancel: {
            make()
        }
    }

    private nonisolated(nonsending) func untilMade() async {
        await withCheckedContinuation { continuation in
            let isMade = state.withLock { state in
                if case .made = state { return true }
                state = .awaited(continuation)
                return false
            }
            if isMade { continuation.resume() }
        }
    }
}
