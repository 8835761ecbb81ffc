/// How often work is tried, for how long, and when it is tried twice at once.
public struct AttemptRules: Hashable, Sendable {
    /// How often the work may be done, the first time and hedges included.
    public var attempts: Int
    /// How long an attempt may take; then it is cancelled, and counts as a failure of the backend.
    ///
    /// `nil` for no limit.
    public var perTryTimeout: Duration?
    /// How long to wait before a failed attempt is repeated, where the server does not say.
    public var backoff: Backoff
    /// After how long without an answer the work is begun on another backend too; `nil` for never.
    ///
    /// Around the 95th percentile of the latencies this costs 5 % more work and cuts off the tail (Dean and Barroso,
    /// *The Tail at Scale*, 2013). Only for work that may be done twice.
    public var hedgeDelay: Duration?

    /// Creates rules.
    public init(
        attempts: Int = 3, perTryTimeout: Duration? = nil, backoff: Backoff = Backoff(), hedgeDelay: Duration? = nil
    ) {
        self.attempts = attempts
        self.perTryTimeout = perTryTimeout
        self.backoff = backoff
        self.hedgeDelay = hedgeDelay
    }
}

/// How long to wait before an attempt is repeated: twice as long each time, and a random part of that.
///
/// - Note: Envoy's `retry_back_off`: 25 ms, 250 ms at the most, full jitter.
public struct Backoff: Hashable, Sendable {
    /// The longest first pause.
    public var base: Duration
    /// The longest pause.
    public var maximum: Duration

    /// Creates rules; a base of zero means no pause.
    public init(base: Duration = .milliseconds(25), maximum: Duration = .milliseconds(250)) {
        self.base = base
        self.maximum = maximum
    }

    /// The pause before the retry of a number, counted from 1; `draw` is from 0 to 1.
    func pause(before retry: Int, draw: Double) -> Duration {
        let longest = max(maximum, .zero)
        var pause = min(max(base, .zero), longest)
        for _ in 0..<min(max(retry - 1, 0), 64) where pause < longest { pause += min(pause, longest - pause) }
        return pause * draw
    }
}

/// What the result of an attempt means.
public enum AttemptVerdict: Hashable, Sendable {
    /// It is the result.
    case success
    /// The backend failed.
    case failure(RetryAdvice)
    /// It says nothing about the backend, and is the result.
    case cancelled

    /// What is returned is a success, what is thrown a failure that may be repeated.
    public static func successOrFailure<Value>(_ result: Result<Value, any Error>) -> AttemptVerdict {
        if case .success = result { .success } else { .failure(.allowed) }
    }

    /// What the backend is told to have done.
    var outcome: Outcome {
        switch self {
        case .success: .success
        case .failure: .failure
        case .cancelled: .cancelled
        }
    }
}

/// Whether, and when, failed work may be tried again: a server's push-back.
public enum RetryAdvice: Hashable, Sendable {
    /// When the rules say so.
    case allowed
    /// Not before so much time has passed: `Retry-After`, `grpc-retry-pushback-ms`.
    case after(Duration)
    /// Never: the server pushes back, or the work is not to be repeated.
    case never
}

/// An attempt took longer than ``AttemptRules/perTryTimeout``.
public struct AttemptTimeoutError: Error, Hashable, Sendable, CustomStringConvertible {
    /// The backend.
    public let id: String
    /// How long it might have taken.
    public let limit: Duration

    /// The backend and the limit.
    public var description: String { "backend \"\(id)\" gave no answer within \(limit)" }
}
