import LoadBalancing
import PacketForwarding

/// Flows that a configuration would cost, and why.
///
/// Flows know their service and backend by name, and packets find a service by its address. So what keeps its name and moves,
/// or has its place taken, cannot stay beside what is new until its flows have ended.
struct LostFlows: Hashable, Sendable {
    enum Reason: String, Hashable, Sendable {
        case serviceMoves = "the service gets another address, port or protocol"
        case modeChanges = "the service gets another mode"
        case backendMoves = "it gets another address or port"
        case isReplaced = "another one takes its place"
    }

    let service: String
    let backend: String
    let count: Int
    let reason: Reason

    /// The first that would be lost; `nil` if none would.
    ///
    /// - Parameters:
    ///   - old: the services in force, with those that leave.
    ///   - new: the services to be, with those that leave.
    ///   - snapshot: the flows that there are.
    init?(from old: [ServiceConfiguration], to new: [ServiceConfiguration], _ snapshot: ForwardingSnapshot) {
        for service in old {
            let next = new.first { $0.name == service.name }
            let counted = snapshot.services.filter { $0.name == service.name }.flatMap(\.backends)
            for backend in service.backends {
                let known = counted.first { $0.name == backend.name && $0.endpoint == backend.endpoint }
                // Those of a backend that is down have nothing to lose.
                guard let known, known.flows.open > 0, known.state != .down,
                    let reason = Reason(backend, of: service, becoming: next)
                else { continue }
                (self.service, self.backend, self.reason) = (service.name, backend.name, reason)
                count = known.flows.open
                return
            }
        }
        return nil
    }

    /// What is wrong with the configuration.
    var error: ConfigurationError {
        let remedy =
            switch reason {
            case .serviceMoves, .backendMoves: ", or give what is new another name, and both are there until they end"
            case .modeChanges: ""
            case .isReplaced: ", or leave it its name"
            }
        return ConfigurationError(
            "service \"\(service)\", backend \"\(backend)\"",
            "\(count) flows would be lost, because \(reason.rawValue); drain it first\(remedy)")
    }
}

extension LostFlows.Reason {
    /// Why a backend's flows would be lost; `nil` if they would not.
    fileprivate init?(
        _ backend: BackendConfiguration, of service: ServiceConfiguration, becoming next: ServiceConfiguration?
    ) {
        guard let next else {
            self = .isReplaced
            return
        }
        if (next.transport, next.address, next.port) != (service.transport, service.address, service.port) {
            self = .serviceMoves
        } else if next.mode != service.mode {
            self = .modeChanges
        } else if let namesake = next.backends.first(where: { $0.name == backend.name }) {
            guard namesake.endpoint != backend.endpoint else { return nil }
            self = .backendMoves
        } else {
            self = .isReplaced
        }
    }
}
