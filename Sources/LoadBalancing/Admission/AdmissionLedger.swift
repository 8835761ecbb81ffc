/// What is proposed for each backend of the set in force, and what follows from it for the pickers.
///
/// A plain value with one owner at a time. Proposals are entered one by one; ``settle(at:)`` then judges whether there is a
/// panic and tells the generation, which the pickers read.
struct AdmissionLedger {
    let rules: Resilience
    private(set) var generation: Generation?
    /// One for each backend; none at all as long as nobody has anything to say.
    private(set) var records: [BackendRecord] = []
    private(set) var isPanicking = false
    private(set) var isShutDown = false
    /// Backends that have a weight and an open gate.
    private(set) var candidateCount = 0
    /// Candidates that no rule takes for broken.
    private(set) var healthyCount = 0
    /// Backends whose proposals have changed.
    private var changed: [Int] = []

    init(rules: Resilience) {
        self.rules = rules
    }

    var indices: Range<Int> { records.indices }

    /// Makes a record for each backend, if there is none yet.
    mutating func keepRecords() {
        guard records.isEmpty, let generation else { return }
        records = Array(repeating: BackendRecord(), count: generation.count)
        countStandings()
    }

    /// Enters what `source` proposes for a backend.
    mutating func propose(_ admission: Admission, by source: AdmissionSource, at index: Int) {
        keepRecords()
        guard records[index].proposals[source] != admission else { return }
        count(index, -1)
        records[index].proposals[source] = admission
        count(index, 1)
        changed.append(index)
    }

    /// Changes what the rules know of a backend, but not what they propose.
    mutating func note<Result>(at index: Int, _ change: (inout BackendRecord) -> Result) -> Result {
        change(&records[index])
    }

    /// Refuses all new work from now on, also of backends that are yet to come.
    mutating func shutDown() {
        isShutDown = true
        keepRecords()
        for index in indices { propose(Admission(gate: .draining), by: .shutdown, at: index) }
    }

    /// Judges whether there is a panic, and tells the pickers what has changed.
    ///
    /// - Returns: whether a panic has begun or ended.
    mutating func settle() -> Bool {
        let panics = rules.panics(healthy: healthyCount, of: candidateCount)
        let hasTurned = panics != isPanicking
        isPanicking = panics
        if let generation {
            for index in hasTurned ? Array(indices) : changed {
                generation.setAdmission(records[index].proposals.composed(isPanicking: panics), at: index)
            }
        }
        changed.removeAll(keepingCapacity: true)
        return hasTurned
    }

    private mutating func count(_ index: Int, _ one: Int) {
        guard let generation, generation.weight(at: index) > 0 else { return }
        let proposals = records[index].proposals
        guard proposals.gate == .open else { return }
        candidateCount += one
        if !proposals.isUnhealthy { healthyCount += one }
    }

    private mutating func countStandings() {
        candidateCount = 0
        healthyCount = 0
        for index in indices { count(index, 1) }
    }
}

extension AdmissionLedger {
    /// What follows now for backends that stay, by their index in the set in force; `nil` stands for a newcomer.
    func admissions(of origins: [Int?]) -> [Admission] {
        origins.map { origin in
            guard let origin, origin < records.count else { return .full }
            return records[origin].proposals.composed(isPanicking: isPanicking)
        }
    }

    /// Goes over to another set; `origins` says for each of its backends which one of the old set it was.
    mutating func adopt(_ next: Generation, origins: [Int?], at time: Timestamp) {
        let old = records
        generation = next
        records = []
        changed = []
        if rules.isActive || isShutDown || !old.isEmpty {
            records = origins.map { origin in
                origin.flatMap { $0 < old.count ? old[$0] : nil } ?? BackendRecord()
            }
        }
        countStandings()
        // Where nobody stays, nobody is warm.
        let warmsUp = rules.slowStart != nil && origins.contains { $0 != nil }
        for (index, origin) in origins.enumerated() where index < records.count {
            if isShutDown { propose(Admission(gate: .draining), by: .shutdown, at: index) }
            if origin == nil, warmsUp { warmUp(at: index, from: time) }
        }
        changed = Array(indices)
    }

    /// Lets go of the set, which refers to whoever owns this ledger.
    mutating func close() {
        generation = nil
        records = []
        changed = []
    }
}

extension AdmissionLedger {
    /// Begins the slow start of a backend, if there is such a rule.
    mutating func warmUp(at index: Int, from time: Timestamp) {
        guard let fraction = rules.slowStart?.fraction(after: .zero) else { return }
        records[index].warmingSince = time
        propose(Admission(fraction: fraction), by: .slowStart, at: index)
    }

    /// Moves every slow start on to `time`.
    mutating func warmUp(until time: Timestamp) {
        guard let slowStart = rules.slowStart else { return }
        for index in indices {
            guard let since = records[index].warmingSince else { continue }
            let fraction = slowStart.fraction(after: time.duration(since: since))
            if fraction == nil { records[index].warmingSince = nil }
            propose(Admission(fraction: fraction ?? 1), by: .slowStart, at: index)
        }
    }
}
