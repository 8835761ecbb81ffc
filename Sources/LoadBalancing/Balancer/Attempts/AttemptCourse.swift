/// Which attempts begin when, without doing any: a plain value.
struct AttemptCourse<Value: Sendable> {
    /// A pause before the next attempt; only the one with the latest number counts.
    struct Pause: Sendable {
        let number: Int
        let length: Duration
    }

    let rules: AttemptRules
    /// What the last attempt to end gave.
    private(set) var last: Result<Value, any Error>?
    private var begun = 0
    private var underWay = 0
    private var failures = 0
    /// The number of the latest pause: what was waited for before is over once something else has begun.
    private var pauseNumber = 0
    private var startsNow = true
    /// Whether a pause is waited for.
    private var isPausing = false
    private var mayStart = true
    private var isDone = false

    init(rules: AttemptRules) {
        self.rules = rules
    }

    /// Whether nothing is to be waited for any more.
    var isOver: Bool { isDone || underWay == 0 && !startsNow && !isPausing }

    /// Whether an attempt is to begin now.
    mutating func takeStart() -> Bool {
        defer { startsNow = false }
        return startsNow && !isDone
    }

    /// Notes that an attempt has begun.
    mutating func begin() {
        begun += 1
        underWay += 1
        pauseNumber += 1
        isPausing = false
    }

    /// No attempt is to begin any more.
    mutating func stop() {
        mayStart = false
        startsNow = false
        isPausing = false
    }

    private var hasMore: Bool { mayStart && begun < rules.attempts }

    /// The pause before the next hedge; `nil` if there is to be none.
    func hedgePause() -> Pause? {
        rules.hedgeDelay.flatMap { hasMore ? Pause(number: pauseNumber, length: $0) : nil }
    }

    /// A pause is over: the next attempt begins, unless another pause counts by now or the budget is spent.
    mutating func timeIsUp(_ number: Int, takeRetry: () -> Bool) {
        guard number == pauseNumber, hasMore, !isDone else { return }
        // What a retry costs was taken when it was decided on.
        if isPausing {
            isPausing = false
            startsNow = true
        } else if takeRetry() {
            startsNow = true
        } else {
            mayStart = false
        }
    }

    /// Takes in how an attempt ended; gives the pause before the next, if one is to be made.
    mutating func end(
        with result: Result<Value, any Error>, _ verdict: AttemptVerdict, seed: UInt64, takeRetry: () -> Bool
    ) -> Pause? {
        underWay -= 1
        last = result
        guard case .failure(let advice) = verdict else {
            isDone = true
            return nil
        }
        failures += 1
        // Nor is a pause waited for that another attempt's failure began.
        if advice == .never { stop() }
        guard hasMore, !isPausing else { return nil }
        guard takeRetry() else {
            mayStart = false
            return nil
        }
        let draw = Double(Mixing.mix(seed, position: begun) >> 11) * 0x1p-53
        let pause: Duration =
            switch advice {
            case .after(let least): least
            default: rules.hedgeDelay == nil ? rules.backoff.pause(before: failures, draw: draw) : .zero
            }
        guard pause > .zero else {
            startsNow = true
            return nil
        }
        isPausing = true
        pauseNumber += 1
        return Pause(number: pauseNumber, length: pause)
    }

    func value() throws -> Value {
        guard let last else { throw CancellationError() }
        return try last.get()
    }
}
