import LoadBalancing

/// How many answers of its own the engine may send: so many a second, and as many at once after a pause (a token bucket).
struct AnswerBudget {
    private let perSecond: UInt64
    /// Answers in units of a nanosecond's share: `perSecond` of them are gained in each nanosecond.
    private var saved: UInt64
    private var last: UInt64

    private static let unit: UInt64 = 1_000_000_000

    init(perSecond: Int, now: Timestamp) {
        self.perSecond = UInt64(max(perSecond, 0))
        saved = self.perSecond * Self.unit
        last = now.nanoseconds
    }

    /// Takes one answer; `false` if none is left.
    mutating func take(at now: Timestamp) -> Bool {
        let elapsed = min(now.nanoseconds &- last, Self.unit)
        last = now.nanoseconds
        saved = min(saved + elapsed * perSecond, perSecond * Self.unit)
        guard saved >= Self.unit else { return false }
        saved -= Self.unit
        return true
    }
}
