/// A limit of flows, by the name of its setting.
public enum FlowLimit: String, Hashable, Sendable, Codable {
    /// ``ForwardingLimits/flows``, of all services together.
    case flows = "limits.flows"
    /// ``ForwardingLimits/halfOpen``, of all services together.
    case halfOpen = "limits.halfOpen"
    /// ``ForwardingLimits/adopted``, of all services together.
    case adopted = "limits.adopted"
    /// ``ServiceConfiguration/flows``.
    case serviceFlows = "flows"
    /// ``ServiceConfiguration/halfOpen``.
    case serviceHalfOpen = "halfOpen"
    /// ``ServiceConfiguration/adopted``.
    case serviceAdopted = "adopted"

    /// Whether it is of one service.
    var isOfService: Bool { self == .serviceFlows || self == .serviceHalfOpen || self == .serviceAdopted }

    /// Whether a half-open flow may give way where it is reached: no other one would make room for an adopted flow.
    var givesWay: Bool { self != .adopted && self != .serviceAdopted }
}
