/// Where a flow stands in its life.
enum FlowPhase: UInt8, CaseIterable, Sendable, BitwiseCopyable {
    /// There is no flow.
    case free = 0
    /// TCP, half-open.
    case handshake = 1
    /// TCP, established.
    case established = 2
    /// TCP, ended by FIN.
    case closing = 3
    /// TCP, ended by RST alone while half-open; data or an ACK takes it back there.
    case resetHandshake = 4
    /// TCP, ended by RST alone while established; data or an ACK takes it back there.
    case resetEstablished = 5
    /// UDP.
    case datagrams = 6

    /// What the flow counts as, and which timeout it has.
    @inline(__always)
    var kind: FlowKind {
        switch self {
        case .handshake: .halfOpen
        case .free, .established: .established
        case .closing, .resetHandshake, .resetEstablished: .closing
        case .datagrams: .datagrams
        }
    }

    /// Whether the flow has its place in the order in which half-open flows began, to be evicted by or to return to.
    @inline(__always)
    var isOrdered: Bool { self == .handshake || self == .resetHandshake }
}

/// What is counted apart, and has a timeout of its own.
enum FlowKind: Int, CaseIterable, Sendable {
    case halfOpen = 0
    case established = 1
    case closing = 2
    case datagrams = 3
}
