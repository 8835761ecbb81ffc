import LoadBalancing

/// A backend as each packet needs it: plain values, so that reading them counts no references.
struct BackendRoute: Sendable, BitwiseCopyable {
    /// What it does with flows.
    let condition: BackendCondition
    let endpoint: Endpoint
    /// The number of its address and port, for all services that use them.
    let endpointNumber: UInt32
    /// How packets get to its address; `nil` while that is not known.
    let nextHop: NextHop?
    /// The outer header, in a tunnel's mode.
    let tunnel: Tunnel?
    /// The longest packet that goes to it as it is, if no router has said otherwise; -1 if none does, since it is down or
    /// nobody knows the way.
    let longestPacket: Int

    init(
        condition: BackendCondition, endpoint: Endpoint, endpointNumber: UInt32, nextHop: NextHop?, tunnel: Tunnel?
    ) {
        self.condition = condition
        self.endpoint = endpoint
        self.endpointNumber = endpointNumber
        self.nextHop = nextHop
        self.tunnel = tunnel
        let room = nextHop.map { Int($0.mtu) - (tunnel?.overhead ?? 0) } ?? -1
        longestPacket = condition == .down ? -1 : max(room, -1)
    }

    /// Bytes that the mode puts in front of a packet.
    @inline(__always)
    var overhead: Int { tunnel?.overhead ?? 0 }
}
