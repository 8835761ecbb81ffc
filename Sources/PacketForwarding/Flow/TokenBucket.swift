import LoadBalancing

/// A limit on how often something is done: so many times a second, and so many at once.
///
/// It reckons in whole billionths of a token, so no rate drifts, however often it is asked.
struct TokenBucket: Hashable, Sendable {
    private static let token: UInt64 = 1_000_000_000

    /// Billionths of a token a nanosecond: the tokens a second.
    private var rate: UInt64 = 0
    private var capacity: UInt64 = 0
    private var credit: UInt64 = 0
    private var last: Timestamp

    /// A full bucket.
    ///
    /// - Parameters:
    ///   - rate: Tokens a second; negative counts as 0.
    ///   - burst: The most tokens at once, at most nine thousand million; negative counts as 0.
    ///   - now: The present.
    init(rate: Int, burst: Int, now: Timestamp) {
        last = now
        set(rate: rate, burst: burst)
        credit = capacity
    }

    /// Limits otherwise from now on; tokens that are there stay, as far as they are not too many.
    ///
    /// - Parameters:
    ///   - rate: Tokens a second; negative counts as 0.
    ///   - burst: The most tokens at once, at most nine thousand million; negative counts as 0.
    mutating func set(rate: Int, burst: Int) {
        self.rate = UInt64(max(rate, 0))
        capacity = min(UInt64(max(burst, 0)), 9_000_000_000) * Self.token
        credit = min(credit, capacity)
    }

    /// Takes tokens, if there are as many, or as many as there may be at once.
    ///
    /// - Parameters:
    ///   - count: How many, from 1.
    ///   - now: The present; a time before the last one counts as that.
    /// - Returns: whether there were.
    mutating func take(_ count: UInt64 = 1, now: Timestamp) -> Bool {
        let gain = now.nanoseconds(since: last).multipliedFullWidth(by: rate)
        last = max(last, now)
        let room = capacity - credit
        credit += gain.high == 0 ? min(gain.low, room) : room
        let price = max(min(count * Self.token, capacity), Self.token)
        guard credit >= price else { return false }
        credit -= price
        return true
    }
}
