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
    /// What somebody who sees more than this set says about a panic; `nil` if the rules say.
    var imposedPanic: Bool?
    private(set) var isShutDown = false
    /// Backends that have a weight and an open gate.
    private(set) var candidateCount = 0
    /// Candidates that no rule takes for broken.
    private(set) var healthyCount = 0
    /// Backends whose proposals have changed.
    private var changed: [Int] = []
    /// What has happened and was not told yet.
    private var events: [BalancerEvent.Kind] = []
    /// When backends are compared again.
    var nextSweep = Timestamp(nanoseconds: 0)
    var generator: SeededGenerator

    init(rules: Resilience, seed: UInt64) {
        self.rules = rules
        generator = SeededGenerator(seed: seed)
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
    /// - Returns: what has happened since the last time.
    mutating func settle() -> [BalancerEvent.Kind] {
        let panics = imposedPanic ?? rules.panics(healthy: healthyCount, of: candidateCount)
        let hasTurned = panics != isPanicking
        isPanicking = panics
        if let generation {
            for index in hasTurned ? Array(indices) : changed {
                generation.setAdmission(records[index].proposals.composed(isPanicking: panics), at: index)
            }
        }
        changed.removeAll(keepingCapacity: true)
        if hasTurned {
            tell(
                panics
                    ? .panicBegan(healthy: healthyCount, of: candidateCount)
                    : .panicEnded(healthy: healthyCount, of: candidateCount))
        }
        defer { events = [] }
        return events
    }

    /// Notes that something has happened.
    mutating func tell(_ event: BalancerEvent.Kind) {
        events.append(event)
    }

    /// The identity of a backend.
    func id(at index: Int) -> String { generation?.slot(at: index).identity ?? "" }

    /// The index of the backend whose slot has a number, if it is in the set in force.
    func index(of slotID: UInt32, position: Int) -> Int? {
        generation?.index(of: slotID, position: position)
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
    ///
    /// - Parameters:
    ///   - next: the other set.
    ///   - origins: where its backends come from.
    ///   - time: the present, if there are rules that want to know it.
    ///   - version: the number of the set, if somebody wants to know of it.
    mutating func adopt(_ next: Generation, origins: [Int?], at time: Timestamp, version: UInt64?) {
        if let version { tellUpdate(to: next, origins: origins, version: version) }
        if generation == nil, let rules = rules.outliers { nextSweep = time.advanced(by: rules.interval) }
        let old = records
        generation = next
        records = []
        changed = []
        if rules.isActive || isShutDown || !old.isEmpty {
            records = origins.enumerated().map { index, origin in
                if let origin, origin < old.count { return old[origin] }
                var record = BackendRecord()
                // One that left and comes back while work is in flight goes on counting where it was.
                record.tally = OutcomeTally(of: next.slot(at: index))
                return record
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

    private mutating func tellUpdate(to next: Generation, origins: [Int?], version: UInt64) {
        let stayed = Set(origins.compactMap { $0 })
        let removed = (0..<(generation?.count ?? 0)).filter { !stayed.contains($0) }.map(id(at:))
        let added = origins.indices.filter { origins[$0] == nil }.map { next.slot(at: $0).identity }
        tell(.updated(version: version, added: added, removed: removed))
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
