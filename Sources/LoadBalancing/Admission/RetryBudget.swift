/// How many retries ``Balancer``'s `withBackend` may make, so that a sick pool is not asked twice as much.
///
/// Without a budget every call may use all of its attempts, and when all backends fail, each request comes three times.
public struct RetryBudget: Hashable, Sendable {
    enum Kind: Hashable, Sendable {
        case tokens(maximum: Double, ratio: Double)
        case share(Double, minimumPerSecond: Double, window: Duration)
    }

    let kind: Kind

    /// A bucket of tokens: a failed attempt takes one out, a success puts `ratio` back, and there are retries while more than
    /// half are left.
    ///
    /// - Parameters:
    ///   - maximum: how many there are at first, and at the most.
    ///   - ratio: tokens for each success: so many retries for each success, in the long run.
    /// - Returns: the budget.
    /// - Note: gRPC's retry throttling (gRFC A6), which has no default; 10 and 0.1 are the figures of its example.
    public static func tokens(maximum: Double = 10, ratio: Double = 0.1) -> RetryBudget {
        RetryBudget(kind: .tokens(maximum: max(maximum, 0), ratio: max(ratio, 0)))
    }

    /// Retries up to a part of the requests of a window of time, and some more so that there are any at little traffic.
    ///
    /// - Parameters:
    ///   - share: retries for each request.
    ///   - minimumPerSecond: retries that need no requests.
    ///   - window: over which both are counted.
    /// - Returns: the budget.
    /// - Note: Finagle's retry budget: 20 %, at least 10 a second, over 10 s.
    public static func share(
        _ share: Double = 0.2, minimumPerSecond: Double = 10, window: Duration = .seconds(10)
    ) -> RetryBudget {
        RetryBudget(
            kind: .share(max(share, 0), minimumPerSecond: max(minimumPerSecond, 0), window: max(window, .seconds(1))))
    }
}

/// What is left of a budget.
final class RetryAllowance: Sendable {
    private struct State {
        var tokens = 0.0
        var slices = SlicedCounts()
    }

    private let budget: RetryBudget
    private let state: Guarded<State>

    init(_ budget: RetryBudget) {
        self.budget = budget
        var state = State()
        if case .tokens(let maximum, _) = budget.kind { state.tokens = maximum }
        self.state = Guarded(state)
    }

    /// Counts a request, before its first attempt.
    func requestBegan(at time: () -> Timestamp) {
        guard case .share(_, _, let window) = budget.kind else { return }
        let now = time()
        state.withLock { $0.slices.add(requests: 1, at: now, window: window) }
    }

    /// Counts how an attempt ended.
    func attemptEnded(_ outcome: Outcome) {
        guard case .tokens(let maximum, let ratio) = budget.kind, outcome != .cancelled else { return }
        state.withLock { state in
            state.tokens = min(max(state.tokens + (outcome == .success ? ratio : -1), 0), maximum)
        }
    }

    /// Whether there may be a retry now, which is then taken out of the budget.
    func takeRetry(at time: () -> Timestamp) -> Bool {
        switch budget.kind {
        case .tokens(let maximum, _):
            return state.withLock { $0.tokens > maximum / 2 }
        case .share(let share, let minimumPerSecond, let window):
            let now = time()
            return state.withLock { state in
                let counts = state.slices.counts(at: now, window: window)
                let allowed = share * Double(counts.requests) + minimumPerSecond * (window / .seconds(1))
                guard Double(counts.retries) + 1 <= allowed else { return false }
                state.slices.add(retries: 1, at: now, window: window)
                return true
            }
        }
    }
}

/// Requests and retries of the last window, in ten slices.
private struct SlicedCounts {
    private static let count = 10
    private var requests = [Int](repeating: 0, count: count)
    private var retries = [Int](repeating: 0, count: count)
    /// The number of the newest slice, counted from time 0.
    private var newest: UInt64 = 0

    mutating func add(requests: Int = 0, retries: Int = 0, at time: Timestamp, window: Duration) {
        moveOn(to: time, window: window)
        self.requests[Int(newest % UInt64(Self.count))] += requests
        self.retries[Int(newest % UInt64(Self.count))] += retries
    }

    mutating func counts(at time: Timestamp, window: Duration) -> (requests: Int, retries: Int) {
        moveOn(to: time, window: window)
        return (requests.reduce(0, +), retries.reduce(0, +))
    }

    private mutating func moveOn(to time: Timestamp, window: Duration) {
        let slice = time.nanoseconds / max(window.wholeNanoseconds / UInt64(Self.count), 1)
        guard slice > newest else { return }
        for step in 1...min(slice - newest, UInt64(Self.count)) {
            requests[Int((newest + step) % UInt64(Self.count))] = 0
            retries[Int((newest + step) % UInt64(Self.count))] = 0
        }
        newest = slice
    }
}
