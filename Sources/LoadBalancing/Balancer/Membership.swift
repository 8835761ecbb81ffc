import Synchronization

/// The set in force and how to pick from it: what changes with an update.
@usableFromInline
final class Membership<Endpoint: Sendable, Rule: Policy>: Sendable {
    typealias Make = @Sendable (Int) -> PickingState<Rule.P>

    private struct State {
        var generation: Generation
        /// The picker as it was made for the set.
        var prototype: Rule.P
        var make: Make
        var version: UInt64 = 0
        var workerCount = 0

        /// The set in force, as it was given.
        var backends: [Backend<Endpoint>] {
            (0..<generation.count).map { index in
                let member = Member<Endpoint>.of(generation.slot(at: index))
                return Backend(id: member.id, endpoint: member.endpoint, weight: Int(generation.weight(at: index)))
            }
        }

        /// The seed of the copies of the picker for this set: another for each, or every update would bring the same draws again.
        func seed(from common: UInt64) -> UInt64 {
            version > 1 ? Mixing.mix(common, position: Int(truncatingIfNeeded: version)) : common
        }
    }

    let registry: SlotRegistry
    let control: AdmissionControl
    private let policy: Rule
    private let seed: UInt64
    private let state: Guarded<State>
    /// Updates wait for each other here, and nobody else waits for them: pickers of large sets take their time to be made.
    private let updates = Guarded(())
    /// Whether the registry may know slots that are not in force yet.
    private let isUpdating = Atomic<Bool>(false)

    init(
        backends: [Backend<Endpoint>], policy: Rule, seed: UInt64, registry: SlotRegistry, control: AdmissionControl
    ) throws(BackendSetError) {
        self.registry = registry
        self.control = control
        self.policy = policy
        self.seed = seed
        let empty = Generation(slots: [], weights: [], admissions: [], registry: registry)
        let pool = BackendPool(empty)
        let nobody = policy.makePicker(for: pool, seed: seed)
        let before = State(
            generation: empty, prototype: nobody,
            make: SharedPicker<Rule.P>.maker(of: nobody, pool: pool, seed: seed))
        let first = try Self.successor(
            of: before, backends: backends, policy: policy, seed: seed, registry: registry, control: control)
        first.state.generation.givePositions()
        control.adopt(first.state.generation, origins: first.origins, version: first.state.version)
        state = Guarded(first.state)
    }

    deinit {
        control.close()
    }

    /// Puts another set, made from the one in force, in its place.
    ///
    /// `publish` makes the new set visible to pickers; it is called before the next update can begin.
    func update(
        _ edit: ([Backend<Endpoint>]) -> [Backend<Endpoint>],
        publish: (@escaping Make, @escaping Stripes<PickingState<Rule.P>>.Install, UInt64) -> Void
    ) throws(BackendSetError) {
        // The old set goes after the locks are left: an endpoint's deinit is the user's code.
        _ = try updates.withLock { _ throws(BackendSetError) in
            isUpdating.store(true, ordering: .releasing)
            defer { isUpdating.store(false, ordering: .releasing) }
            let before = state.withLock { $0 }
            let next = try Self.successor(
                of: before, backends: edit(before.backends), policy: policy, seed: seed, registry: registry,
                control: control)
            return enforce(next.state, origins: next.origins, publish: publish)
        }
    }

    /// Puts the next set in force; gives the one before.
    private func enforce(
        _ next: State, origins: [Int?],
        publish: (@escaping Make, @escaping Stripes<PickingState<Rule.P>>.Install, UInt64) -> Void
    ) -> State {
        state.withLock { state in
            var next = next
            next.workerCount = state.workerCount
            next.generation.givePositions()
            control.adopt(next.generation, origins: origins, version: next.version)
            publish(
                next.make,
                SharedPicker<Rule.P>.installer(
                    of: next.prototype, pool: BackendPool(next.generation), seed: next.seed(from: seed)),
                next.version)
            registry.leave(state.generation.members(notIn: next.generation))
            defer { state = next }
            return state
        }
    }

    /// Enters what `source` proposes for a backend; gives the number of its slot, or `nil` if the set has none of that name.
    func propose(_ admission: Admission, by source: AdmissionSource, for id: String) -> UInt32? {
        state.withLock { state in
            guard let (slotID, index) = find(id, in: state) else { return nil }
            control.change { $0.propose(admission, by: source, at: index) }
            return slotID
        }
    }

    /// Ends the draining of a backend; `false` if the set has none of that name.
    func resume(_ id: String) -> Bool {
        let now = control.time.now()
        return state.withLock { state in
            guard let (_, index) = find(id, in: state) else { return false }
            control.change(at: now) { ledger in
                guard index < ledger.records.count, ledger.records[index].proposals[.drain] != .full else { return }
                ledger.propose(.full, by: .drain, at: index)
                ledger.warmUp(at: index, from: now)
            }
            return true
        }
    }

    /// Looks at one backend of the set in force, under the lock; `nil` if the set does not have it.
    func withIndex<Result>(of id: String, _ body: (Generation, Int) -> sending Result) -> sending Result? {
        state.withLock { state in
            guard let (_, index) = find(id, in: state) else { return nil }
            return body(state.generation, index)
        }
    }

    private func find(_ id: String, in state: borrowing State) -> (slotID: UInt32, index: Int)? {
        if let slot = registry.find(id),
            let index = state.generation.index(of: slot.id, position: slot.position)
        {
            return (slot.id, index)
        }
        // The identity stands for another endpoint already, of a set that is being made.
        guard isUpdating.load(ordering: .acquiring), let index = state.generation.index(of: id) else { return nil }
        return (state.generation.slot(at: index).id, index)
    }

    /// The number of a new worker's copy of the picker: beyond those of stripes, so that no two copies share a seed.
    func addWorker() -> Int {
        state.withLock { state in
            state.workerCount += 1
            return 1 << 20 + state.workerCount
        }
    }

    /// What makes copies of the picker for the set in force, and the version of that set.
    var current: (make: Make, version: UInt64) { state.withLock { ($0.make, $0.version) } }

    /// The set in force, with what is known of each backend.
    func snapshot() -> (backends: [BackendSnapshot], version: UInt64, isPanicking: Bool) {
        state.withLock { state in
            let generation = state.generation
            let (records, isPanicking) = control.inspect { ($0.records, $0.isPanicking) }
            let backends = (0..<generation.count).map { index in
                let slot = generation.slot(at: index)
                return BackendSnapshot(
                    id: slot.identity, weight: Int(generation.weight(at: index)),
                    admission: generation.admission(at: index),
                    record: index < records.count ? records[index] : BackendRecord(), counters: slot.counters,
                    latencies: Member<Endpoint>.of(slot).latencies)
            }
            return (backends, state.version, isPanicking)
        }
    }

    private static func successor(
        of state: borrowing State, backends: [Backend<Endpoint>], policy: Rule, seed: UInt64, registry: SlotRegistry,
        control: AdmissionControl
    ) throws(BackendSetError) -> (state: State, origins: [Int?]) {
        let names = backends.map { WeightedName($0.id, weight: $0.weight) }
        try BackendSetError.check(names)
        try policy.check(names)
        let slots = registry.hold(
            backends.map { ($0.id, Member(id: $0.id, endpoint: $0.endpoint)) }, isSame: Member<Endpoint>.isSame)
        let old = state.generation
        let origins = slots.map { old.index(of: $0.id, position: $0.position) }
        let generation = Generation(
            slots: slots,
            weights: backends.map { UInt32(truncatingIfNeeded: $0.weight) },
            admissions: control.inspect { $0.admissions(of: origins) },
            registry: registry)
        let pool = BackendPool(generation)
        var next = copy state
        next.generation = generation
        next.version += 1
        let seed = next.seed(from: seed)
        next.prototype =
            next.version > 1
            ? policy.makePicker(for: pool, replacing: state.prototype, seed: seed)
            : policy.makePicker(for: pool, seed: seed)
        next.make = SharedPicker<Rule.P>.maker(of: next.prototype, pool: pool, seed: seed)
        return (next, origins)
    }
}

extension Membership {
    /// The backends that nobody probes yet, who are taken to be probed from now on.
    func unchecked(by roster: ProbeRoster) -> [ProbeTarget] {
        state.withLock { state in
            (0..<state.generation.count).compactMap { index in
                let slot = state.generation.slot(at: index)
                return roster.checkIn(slot.id) ? ProbeTarget(id: slot.identity, slotID: slot.id) : nil
            }
        }
    }

    /// How to reach a backend that is probed; `nil` when it has left the set.
    func endpoint(of target: ProbeTarget) -> Endpoint? {
        state.withLock { state in
            guard let (slotID, index) = find(target.id, in: state), slotID == target.slotID else { return nil }
            return Member<Endpoint>.of(state.generation.slot(at: index)).endpoint
        }
    }

    /// Takes a backend's answer in; gives the time until it is to be probed again, or `nil` when it has left the set.
    func take(_ report: HealthReport, from target: ProbeTarget) -> Duration? {
        state.withLock { state in
            guard let (slotID, index) = find(target.id, in: state), slotID == target.slotID else { return nil }
            return control.take(report, from: index)
        }
    }
}
