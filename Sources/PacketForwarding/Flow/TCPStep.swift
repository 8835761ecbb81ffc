/// What happens to a TCP segment.
enum TCPStep: Hashable, Sendable {
    /// A new flow by the scheduler; without a backend for it, drop `no-backend`, answered by a RST where that is wanted.
    case open
    /// To the backend that the hash gives, as a flow in this state; without one, drop `no-backend`, answered likewise.
    case adopt(FlowState)
    /// To the backend that the hash gives, without a flow; without one, drop `no-backend`.
    case strayReset
    /// To the flow's backend, or to its client; the flow is in this state then, and its timer restarts.
    case forward(FlowState)
    /// To the flow's backend; the flow begins anew.
    case beginAnew
    /// A new flow by the scheduler in place of the old one; without a backend for it, as ``open``, and the old one stays.
    case replace
    /// Drop `no-flow`, answered by a RST where that is wanted, if `isAnswered`.
    case dropUnknown(isAnswered: Bool)
    /// Drop `no-backend`, answered by a RST where that is wanted, if `isAnswered`; flow and timer stay as they are.
    case dropDead(isAnswered: Bool)
    /// Not ours.
    case pass
}

/// What a flow's backend does.
enum BackendCondition: UInt8, CaseIterable, Sendable {
    /// It takes new flows.
    case takes
    /// It keeps its flows and takes no new ones: it is draining, or its weight is 0.
    case keeps
    /// It has lost its flows.
    case down
}
