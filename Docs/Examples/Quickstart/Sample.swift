/// What became of one request.
struct Sample: Sendable {
    enum Result: Sendable {
        /// With status 200.
        case answered
        /// The connection was refused or broke, or the answer was not 200.
        case failed
        /// There was no answer within the client's timeout.
        case timedOut
    }

    /// When a backend was picked, from the start of the round.
    let picked: Duration
    /// When it was over, from the start of the round.
    let ended: Duration
    /// From the moment the request was due.
    ///
    /// Waiting for a free client is part of it: what users would feel.
    let latency: Duration
    let server: Int
    let result: Result
}
