/// What control says of a backend.
public enum BackendState: String, Hashable, Sendable, Codable {
    /// It takes new flows, if it has a weight.
    case up
    /// It keeps its flows and takes no new ones.
    case draining
    /// It has lost its flows.
    case down
}

/// A backend as control knows it.
struct BackendPlan: Sendable {
    let name: String
    /// The position of its service.
    let service: UInt16
    /// Its number among the service's backends.
    let index: Int
    let endpoint: Endpoint
    /// The number of its address and port, for all services that use them.
    let endpointNumber: UInt32
    let weight: Int
    let state: BackendState
    /// How packets get to its address; `nil` while that is not known.
    let nextHop: NextHop?
    /// The outer header, in a tunnel's mode.
    let tunnel: Tunnel?
    /// The version of the plan that it was removed by; `nil` if it was not.
    var removal: UInt64?

    /// What it does with flows.
    var condition: BackendCondition {
        switch state {
        case .up: weight > 0 ? .takes : .keeps
        case .draining: .keeps
        case .down: .down
        }
    }
}
