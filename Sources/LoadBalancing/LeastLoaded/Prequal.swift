/// The best of the backends that have lately been asked how busy they are: fast ones among those that have no more in flight
/// than usual (*hot-cold lexicographic*).
///
/// Each pick sends probes to a few backends, whose answers serve later picks; nobody waits for them. Without a ``ProbeSource`` the
/// probes are looked up in what leases have brought: the reported load and the average latency of the backend. While
/// fewer than two answers are there, backends are drawn by weight.
///
/// - Complexity: O(1) a pick, with up to 16 answers and the last 128 loads looked at; the probes come on top.
/// - Note: Wydrowski, Kleinberg, Rumble, Archer, *Load is not what you should balance: Introducing Prequal*, NSDI 2024.
public struct Prequal: Picker {
    private var generator: SeededGenerator
    private var choices: TwoChoices
    private var probes: ProbePool
    private var inbox = ProbeInbox()
    private let policy: PrequalPolicy

    init(for pool: borrowing BackendPool, policy: PrequalPolicy, seed: UInt64) {
        generator = SeededGenerator(seed: seed)
        choices = TwoChoices(for: pool, seed: Mixing.mix(seed))
        probes = ProbePool(backends: pool.count, policy: policy)
        self.policy = policy
    }

    /// Chooses a backend.
    public mutating func pick(_ request: PickRequest, from pool: borrowing BackendPool) -> Int? {
        let now = request.time?.nanoseconds ?? 0
        for (index, answer) in inbox.take() where index < pool.count {
            probes.add(answer, from: index, at: now, using: &generator)
        }
        probes.expire(at: now)
        var draws = generator
        let chosen = probes.choose { pool.accepts($0, for: request, using: &draws) }
        generator = draws
        if chosen != nil { probes.removeOne() }
        ask(pool, at: now)
        return chosen ?? choices.draw(for: request, from: pool)?.first
    }

    /// Sends probes to a few distinct backends.
    private mutating func ask(_ pool: borrowing BackendPool, at now: UInt64) {
        guard pool.count > 0 else { return }
        let count = min(max(policy.probesPerPick, 1), pool.count)
        // One from each of as many stretches of a circle that is turned at random.
        let start = generator.nextIndex(below: pool.count)
        let width = pool.count / max(count, 1)
        for number in 0..<count {
            let index = (start + number * width + generator.nextIndex(below: width)) % pool.count
            if let source = policy.source {
                let inbox = inbox
                source.probe(pool.id(at: index)) { inbox.put($0, from: index) }
            } else if let answer = Self.known(of: pool.slot(at: index)) {
                probes.add(answer, from: index, at: now, using: &generator)
            }
        }
    }

    /// What leases have brought of a backend; `nil` if it has not reported.
    private static func known(of slot: Slot) -> ProbeAnswer? {
        let report = slot.report
        guard !report.isNone, !slot.latency.isUnmeasured else { return nil }
        return ProbeAnswer(inFlight: Int(report.inFlight), latency: slot.latency.duration)
    }

    /// Draws from a sequence, and reads answers, of its own.
    public mutating func diverge(_ seed: PickerSeed) {
        generator = SeededGenerator(seed: seed.value)
        choices.generator = SeededGenerator(seed: Mixing.mix(seed.value))
        inbox = ProbeInbox()
    }
}

/// Prequal, with asynchronous probes: ``Prequal``.
public struct PrequalPolicy: Policy {
    /// What sends probes; `nil` to make do with what leases bring.
    public var source: (any ProbeSource)?
    /// How many backends are asked for each pick; less than 1 counts as 1.
    public var probesPerPick: Int

    /// Creates the policy.
    ///
    /// - Parameters:
    ///   - source: what sends probes; without it, reports on responses stand for answers.
    ///   - probesPerPick: how many backends are asked for each pick, 1 or more; 3 in the paper.
    public init(source: (any ProbeSource)? = nil, probesPerPick: Int = 3) {
        self.source = source
        self.probesPerPick = max(probesPerPick, 1)
    }

    /// The time, and without a source latencies and reports.
    public var requirements: PolicyRequirements {
        var requirements = PolicyRequirements(latency: source == nil ? .ewma() : nil, needsTime: true)
        requirements.reports = source == nil ? .averaged : nil
        return requirements
    }

    /// A picker for `pool`.
    public func makePicker(for pool: borrowing BackendPool, seed: UInt64) -> Prequal {
        Prequal(for: pool, policy: self, seed: seed)
    }
}
