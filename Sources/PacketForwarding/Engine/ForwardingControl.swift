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
        var tables: [UInt16: (backends: [WeightedName], table: MaglevTable)] = [:]
        var version: UInt64 = 0
        var plan: ForwardingPlan?
    }

    private let state: Mutex<State>
    /// The version of the plan in force; workers look at it before each batch.
    let version = Atomic<UInt64>(0)
    /// Stations that workers miss.
    let wantedNeighbours = WantedNeighbours()

    /// Takes a configuration.
    ///
    /// - Throws: ``ForwardingConfigurationError`` for the first thing that is wrong with it.
    public init(_ configuration: ForwardingConfiguration) throws(ForwardingConfigurationError) {
        try configuration.check()
        state = Mutex(State(configuration: configuration))
        state.withLock { publish(&$0) }
    }

    /// Puts another configuration in force; flows go on, and backends that stay keep their state.
    ///
    /// - Throws: ``ForwardingConfigurationError`` for the first thing that is wrong; the one in force then stays.
    public func update(_ configuration: ForwardingConfiguration) throws(ForwardingConfigurationError) {
        try configuration.check()
        state.withLock { state in
            state.configuration = configuration
            publish(&state)
        }
    }

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
    /// - Returns: whether there is such a service and backend, and the weight is in range.
    @discardableResult
    public func setWeight(_ weight: Int, backend: String, of service: String) -> Bool {
        guard 0...1 << 31 ~= weight else { return false }
        return state.withLock { state in
            guard let position = state.configuration.services.firstIndex(where: { $0.name == service }),
                let index = state.configuration.services[position].backends.firstIndex(where: { $0.name == backend })
            else { return false }
            state.configuration.services[position].backends[index].weight = weight
            publish(&state)
            return true
        }
    }

    /// The plan in force.
    var plan: ForwardingPlan {
        state.withLock { state in
            guard let plan = state.plan else { preconditionFailure("a plan is published before anybody asks") }
            return plan
        }
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
        state.plan = plan
        version.store(plan.version, ordering: .releasing)
    }
}
