import LoadBalancing
import Synchronization

/// The control side of a forwarder: what it is told while packets flow, published to all workers at once.
///
/// All methods may be called from any thread. Workers notice a change before their next batch.
public final class ForwardingControl: Sendable {
    private struct State {
        var configuration: ForwardingConfiguration
        var numbers = ForwardingNumbers()
        var states: [UInt32: BackendState] = [:]
        /// What was heard of stations, beside those of the configuration.
        var neighbours: [NeighbourConfiguration] = []
        /// By the names of the services.
        var tables: [String: ServiceTable] = [:]
        var version: UInt64 = 0
        var plan: ForwardingPlan?
        var members = ForwardingMembers()
        var engines: [EngineReference] = []
        /// What was promised of a configuration to come.
        var draft: Draft?
    }

    /// What a configuration makes of numbers.
    private struct Draft {
        let configuration: ForwardingConfiguration
        var numbers: ForwardingNumbers
        var members: ForwardingMembers
    }

    /// An engine, which does not live longer because control knows it.
    private struct EngineReference {
        weak var presence: EnginePresence?
    }

    private let state: Guarded<State>
    /// The plan in force, under a lock that is held no longer than it takes to read it: a worker that takes it does not wait
    /// for the next one to be made.
    private let current = Guarded<ForwardingPlan?>(nil)
    /// The version of the plan in force; workers look at it before each batch.
    let version = Atomic<UInt64>(0)
    /// Stations that workers miss.
    let wantedNeighbours = WantedNeighbours()

    /// Takes a configuration.
    ///
    /// - Throws: ``ForwardingConfigurationError`` for the first thing that is wrong with it.
    public init(_ configuration: ForwardingConfiguration) throws(ForwardingConfigurationError) {
        try configuration.check()
        state = Guarded(State(configuration: configuration))
        try update(configuration)
    }

    /// Takes a configuration for engines that are to go on with the flows of others.
    ///
    /// - Parameters:
    ///   - configuration: the one that was in force, with the services of `members`.
    ///   - members: who the numbers in those flows stand for, as another control said.
    /// - Throws: ``ForwardingConfigurationError`` for the first thing that is wrong with either.
    public init(
        _ configuration: ForwardingConfiguration, members: ForwardingMembers
    ) throws(ForwardingConfigurationError) {
        try configuration.check()
        try members.check(in: configuration)
        var numbers = members.numbers
        // Whoever is not in the configuration was removed from one that had all.
        var former = configuration
        former.services = members.all
        for index in former.services.indices { former.services[index].announce = nil }
        var tables: [String: ServiceTable] = [:]
        let plan = ForwardingPlan(
            version: 0, configuration: former, numbers: &numbers, states: [:], previous: nil, tables: &tables)
        state = Guarded(
            State(configuration: configuration, numbers: numbers, plan: plan, members: members))
        try update(configuration)
    }

    /// Puts another configuration in force; flows go on, and backends that stay keep their state.
    ///
    /// Who is removed is remembered for as long as any engine has flows of it; then its number goes to somebody else. One that
    /// comes back is ``BackendState/up``.
    ///
    /// - Throws: ``ForwardingConfigurationError`` for the first thing that is wrong, or for which engines have no room; the one in
    ///   force then stays.
    public func update(_ configuration: ForwardingConfiguration) throws(ForwardingConfigurationError) {
        try configuration.check()
        try state.withLock { state throws(ForwardingConfigurationError) in
            let draft = try settledDraft(configuration, &state)
            state.draft = nil
            state.configuration = configuration
            state.numbers = draft.numbers
            state.members = draft.members
            publish(&state)
            let present = Set(state.plan?.services.filter { $0.removal == nil }.flatMap(\.backends) ?? [])
            state.states = state.states.filter { present.contains($0.key) }
        }
    }

    /// Who the numbers in flows will stand for once a configuration is in force; nothing changes yet.
    ///
    /// To be kept, beside what was before, by whoever keeps the memory of flows: ``init(_:members:)`` goes on from there. The
    /// promise holds for the next ``update(_:)``, unless an engine is made before that.
    ///
    /// - Throws: ``ForwardingConfigurationError`` for what ``update(_:)`` would refuse.
    public func members(
        with configuration: ForwardingConfiguration
    ) throws(ForwardingConfigurationError) -> ForwardingMembers {
        try configuration.check()
        return try state.withLock { state throws(ForwardingConfigurationError) in
            let draft = try settledDraft(configuration, &state)
            state.draft = draft
            return draft.members
        }
    }

    /// Who the numbers in flows stand for.
    public var members: ForwardingMembers { state.withLock { $0.members } }

    /// The configuration in force, with the weights that were set since.
    public var configuration: ForwardingConfiguration {
        state.withLock { $0.configuration }
    }

    /// Takes note of the stations that were heard of, in place of all that were before; those of the configuration stay.
    public func learn(_ neighbours: [NeighbourConfiguration]) {
        state.withLock { state in
            state.neighbours = neighbours
            publish(&state)
        }
    }

    /// Says what a backend does from now on.
    ///
    /// - Returns: whether there is such a service and backend.
    @discardableResult
    public func set(_ backendState: BackendState, backend: String, of service: String) -> Bool {
        state.withLock { state in
            guard let number = number(of: backend, of: service, in: &state) else { return false }
            state.states[number] = backendState
            publish(&state)
            return true
        }
    }

    /// Gives a backend another weight.
    ///
    /// - Returns: whether there is such a service and backend, and the weight is in range and suits the scheduler.
    @discardableResult
    public func setWeight(_ weight: Int, backend: String, of service: String) -> Bool {
        guard 0...1 << 31 ~= weight else { return false }
        return state.withLock { state in
            guard let position = state.configuration.services.firstIndex(where: { $0.name == service }),
                let index = state.configuration.services[position].backends.firstIndex(where: { $0.name == backend })
            else { return false }
            var changed = state.configuration.services[position]
            changed.backends[index].weight = weight
            guard (try? changed.checkTable()) != nil else { return false }
            state.configuration.services[position] = changed
            publish(&state)
            return true
        }
    }

    /// Takes note of an engine to come: as long as it lives, and has not said otherwise, it has flows of everybody.
    func enter() -> (plan: ForwardingPlan, presence: EnginePresence) {
        let presence = EnginePresence()
        state.withLock { state in
            state.engines.removeAll { $0.presence == nil }
            state.engines.append(EngineReference(presence: presence))
            state.draft = nil
        }
        return (plan, presence)
    }

    private func settledDraft(
        _ configuration: ForwardingConfiguration, _ state: inout State
    ) throws(ForwardingConfigurationError) -> Draft {
        if let draft = state.draft, draft.configuration == configuration { return draft }
        let engines = state.engines.compactMap(\.presence)
        let draft = draft(configuration, state, engines)
        do {
            for capacity in engines.compactMap(\.capacity) { try draft.numbers.check(capacity) }
        } catch {
            // Engines say with each plan whose flows have ended: so there may be room the next time.
            publish(&state)
            throw error
        }
        return draft
    }

    /// The numbers that a configuration would have.
    private func draft(
        _ configuration: ForwardingConfiguration, _ state: borrowing State, _ engines: [EnginePresence]
    ) -> Draft {
        var draft = Draft(configuration: configuration, numbers: state.numbers, members: state.members)
        if let plan = state.plan { draft.numbers.release(after: plan, engines) }
        draft.numbers.give(to: configuration)
        draft.members.update(configuration, &draft.numbers)
        return draft
    }

    /// The plan in force.
    var plan: ForwardingPlan {
        guard let plan = current.withLock({ $0 }) else {
            preconditionFailure("a plan is published before anybody asks")
        }
        return plan
    }

    private func number(of backend: String, of service: String, in state: inout State) -> UInt32? {
        guard let configured = state.configuration.services.first(where: { $0.name == service }),
            let member = configured.backends.first(where: { $0.name == backend })
        else { return nil }
        let number = state.numbers.service(service)
        return state.numbers.backend(backend, at: Endpoint(member.address, member.port), of: number)
    }

    private func publish(_ state: inout State) {
        state.version += 1
        var configuration = state.configuration
        configuration.neighbours += state.neighbours
        let plan = ForwardingPlan(
            version: state.version, configuration: configuration, numbers: &state.numbers, states: state.states,
            previous: state.plan, tables: &state.tables)
        current.withLock { $0 = plan }
        version.store(plan.version, ordering: .releasing)
        // Only now may the one before be let go of: under the lock, workers would wait for that.
        state.plan = plan
    }
}
