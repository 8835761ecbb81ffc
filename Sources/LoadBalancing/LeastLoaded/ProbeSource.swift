/// Asks backends how busy they are, for ``PrequalPolicy``.
///
///     struct Probes: ProbeSource {
///         func probe(_ id: String, answer: @escaping @Sendable (ProbeAnswer) -> Void) { … }
///     }
public protocol ProbeSource: Sendable {
    /// Sends a probe to a backend, and returns at once.
    ///
    /// Called in the middle of a pick: it must be short, and must not call the balancer. A probe that fails is not answered.
    ///
    /// - Parameters:
    ///   - id: the backend's identity.
    ///   - answer: to be called once with what the backend says, from any thread, but not before this returns.
    func probe(_ id: String, answer: @escaping @Sendable (ProbeAnswer) -> Void)
}

/// What a backend says to a probe.
public struct ProbeAnswer: Hashable, Sendable {
    /// The requests that it has at the moment.
    public var inFlight: Int
    /// The latency that it estimates for one more, from requests that came when it had about as many.
    public var latency: Duration

    /// Creates an answer.
    public init(inFlight: Int, latency: Duration) {
        self.inFlight = inFlight
        self.latency = latency
    }
}

/// Answers that a picker has yet to look at.
final class ProbeInbox: Sendable {
    private let answers = Guarded<[(index: Int, answer: ProbeAnswer)]>([])

    /// Keeps an answer; of very many that nobody looks at the first ones are kept.
    func put(_ answer: ProbeAnswer, from index: Int) {
        answers.withLock { if $0.count < 64 { $0.append((index, answer)) } }
    }

    /// What has come since the last time.
    func take() -> [(index: Int, answer: ProbeAnswer)] {
        answers.withLock { answers in
            defer { answers.removeAll(keepingCapacity: true) }
            return answers
        }
    }
}
