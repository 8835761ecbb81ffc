/// What a flow table must know about the way a service forwards.
enum FlowMode: UInt8, Sendable, BitwiseCopyable {
    /// Direct server return and tunnels: only the client's packets are seen.
    case oneWay = 0
    /// Destination NAT: what the backend answers to the client is found by the same bucket.
    case nat = 1
    /// Full NAT: what the backend answers to a port of ours is found by an index of its own.
    case fullNAT = 2

    /// Whether packets in both directions are seen.
    @inline(__always)
    var seesBoth: Bool { self != .oneWay }
}
