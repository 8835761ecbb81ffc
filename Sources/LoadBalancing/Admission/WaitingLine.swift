import Synchronization

/// A lease that was counted in and not handed out yet.
@usableFromInline
struct Grant: Sendable {
    @usableFromInline let slot: Slot
    @usableFromInline let start: Timestamp

    @inlinable
    init(slot: Slot, start: Timestamp) {
        self.slot = slot
        self.start = start
    }
}

/// Those who wait for room, in the order in which they came.
///
/// No wake-up is lost: whoever lines up tries once more when it stands in the line, and whoever makes room looks at the line
/// afterwards; one of the two sees the other.
@usableFromInline
final class WaitingLine: Sendable {
    typealias Attempt = @Sendable (PickRequest) -> Result<Grant, BalancerError>

    private struct Waiter {
        let number: Int
        let request: PickRequest
        let attempt: Attempt
        let continuation: CheckedContinuation<Result<Grant, BalancerError>, Never>

        var mayGoAnywhere: Bool { request.tried.isEmpty }
    }

    private struct State {
        var waiters = LineOfWaiters<Waiter>()
        /// How many of them may go to any backend.
        var firstCount = 0
        var lastNumber = 0
        /// Numbers of those that gave up before they stood in the line.
        var gone: [Int: BalancerError] = [:]
    }

    let limit: Int
    private let state = Guarded(State())
    /// How many wait; read by everybody who makes room.
    private let length = Atomic<Int>(0)
    /// How many of them may go to any backend; read by everybody who comes.
    private let firstLength = Atomic<Int>(0)

    init(limit: Int) {
        self.limit = limit
    }

    /// Whether nobody waits.
    var isEmpty: Bool {
        length.load(ordering: .sequentiallyConsistent) == 0
    }

    /// Whether somebody waits whom nobody may pass: a retry, which may not go everywhere, is passed.
    @usableFromInline
    var comesFirst: Bool {
        firstLength.load(ordering: .sequentiallyConsistent) > 0
    }

    /// How many wait.
    var count: Int { length.load(ordering: .relaxed) }

    /// Waits until `attempt` succeeds, or fails for another reason than that there is no room.
    func wait(
        for request: PickRequest, until deadline: Timestamp, by time: TimeSource, attempt: @escaping Attempt
    ) async throws(BalancerError) -> Grant {
        let number = state.withLock { state in
            state.lastNumber += 1
            return state.lastNumber
        }
        let result = await withTaskGroup(of: Void.self) { group in
            group.addTask {
                guard (try? await time.sleep(until: deadline)) != nil else { return }
                self.leave(number, BalancerError(.timedOut))
            }
            let result = await withTaskCancellationHandler {
                await withCheckedContinuation { continuation in
                    lineUp(Waiter(number: number, request: request, attempt: attempt, continuation: continuation))
                }
            } onCancel: {
                leave(number, BalancerError(.cancelled))
            }
            group.cancelAll()
            return result
        }
        state.withLock { _ = $0.gone.removeValue(forKey: number) }
        return try result.get()
    }

    private func lineUp(_ waiter: Waiter) {
        let refusal = state.withLock { state -> BalancerError? in
            if let error = state.gone[waiter.number] { return error }
            guard state.waiters.count < limit else { return BalancerError(.tooManyWaiting) }
            state.waiters.append(waiter)
            if waiter.mayGoAnywhere { state.firstCount += 1 }
            tell(state)
            return nil
        }
        if let refusal { return waiter.continuation.resume(returning: .failure(refusal)) }
        atomicMemoryFence(ordering: .sequentiallyConsistent)
        serve()
    }

    /// Gives what room there is to those who came first.
    func serve() {
        guard !isEmpty else { return }
        let served = state.withLock { state in
            var served: [(Waiter, Result<Grant, BalancerError>)] = []
            state.waiters.ask { waiter in
                let result = waiter.attempt(waiter.request)
                if case .failure(let error) = result, error.reason == .saturated {
                    // A retry, which may not go everywhere, lets those behind it pass.
                    return waiter.mayGoAnywhere ? .blocks : .isPassed
                }
                served.append((waiter, result))
                return .leaves
            }
            state.firstCount -= served.count { $0.0.mayGoAnywhere }
            tell(state)
            return served
        }
        for (waiter, result) in served { waiter.continuation.resume(returning: result) }
    }

    /// Tells everybody who asks without the lock how many wait.
    private func tell(_ state: borrowing State) {
        firstLength.store(state.firstCount, ordering: .sequentiallyConsistent)
        length.store(state.waiters.count, ordering: .sequentiallyConsistent)
    }

    /// Sends one home.
    private func leave(_ number: Int, _ error: BalancerError) {
        let waiter = state.withLock { state -> Waiter? in
            guard let waiter = state.waiters.removeFirst(where: { $0.number == number }) else {
                state.gone[number] = error
                return nil
            }
            if waiter.mayGoAnywhere { state.firstCount -= 1 }
            tell(state)
            return waiter
        }
        waiter?.continuation.resume(returning: .failure(error))
    }

    /// Sends everybody home.
    func close(_ error: BalancerError) {
        let waiters = state.withLock { state in
            let waiters = state.waiters.removeAll()
            state.firstCount = 0
            tell(state)
            return waiters
        }
        for waiter in waiters { waiter.continuation.resume(returning: .failure(error)) }
    }
}
