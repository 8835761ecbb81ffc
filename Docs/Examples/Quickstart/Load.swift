import LoadBalancing

#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// The requests of a round, each with the moment it is due: the same for all policies.
///
/// They come at random (a Poisson process), whether those before are answered or not: users do not slow down because a
/// server does. A load of clients that wait for their answer first would hide how much one slow server costs.
struct Load: Sendable {
    /// When each request is due, from the start of the round.
    let due: [Duration]
    /// The rate of requests, per second.
    let rate: Double
    /// Client threads, and so the most requests at once.
    static let clientCount = 56
    /// The most sockets that servers and clients have open at once.
    static let socketCount = 2 * (clientCount + (HTTPClient.idleLimit + 1) * Round.plans.count)

    init(requestCount: Int, rate: Double, seed: UInt64) {
        self.rate = rate
        var generator = SeededGenerator(seed: seed)
        var seconds = 0.0
        due = (0..<requestCount).map { _ in
            seconds -= log(1 - Double.random(in: 0..<1, using: &generator)) / rate
            return .seconds(seconds)
        }
    }

    /// From the start to the last request.
    var duration: Duration { due.last ?? .zero }
}
