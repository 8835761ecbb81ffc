/// How the work that a lease stood for ended.
@frozen
public enum Outcome: Hashable, Sendable {
    /// The backend did what was asked.
    case success
    /// The backend failed: an error, a refusal, a deadline that passed.
    case failure
    /// The caller lost interest; says nothing about the backend but that it took at least this long.
    case cancelled

    /// What an error says of a backend unless told otherwise: that it failed; a `CancellationError` says nothing.
    public static func failureUnlessCancelled(_ error: any Error) -> Outcome {
        error is CancellationError ? .cancelled : .failure
    }
}
