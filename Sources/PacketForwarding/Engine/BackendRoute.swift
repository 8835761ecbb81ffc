import LoadBalancing

/// A backend as each packet needs it: plain values, so that reading them counts no references.
///
/// What nearly all packets need stands first, in one cache line, and with it what they need of the backend's service.
struct BackendRoute: Sendable, BitwiseCopyable {
    /// The longest packet that goes to it as it is, if no router has said otherwise; -1 if none does, since it is down or
    /// nobody knows the way.
    let longestPacket: Int32
    let establishedTimeout: FlowTimeout
    let datagramTimeout: FlowTimeout
    let mode: ServiceMode
    /// Whether QUIC connection IDs may name another backend.
    let hasServers: Bool
    /// Whether connections to it are reset once it has failed.
    let resets: Bool
    /// The interface that leads to it, and both addresses of the link; without meaning where ``longestPacket`` is -1.
    let interface: UInt16
    let link: LinkAddresses
    /// NAT: what the backend's address and port in place of the service's change; for a service of one address and one port.
    let change: DestinationChange
    /// The outer header, where it is the same for all packets.
    let template: OuterTemplate?

    let endpoint: Endpoint
    /// The service's end, which clients send to; of a prefix, its first address.
    let service: Endpoint
    /// The outer header, in a tunnel's mode.
    let tunnel: Tunnel?
    /// What it does with flows.
    let condition: BackendCondition
    /// The number of its address and port, for all services that use them.
    let endpointNumber: UInt32
    /// How packets get to its address; `nil` while that is not known.
    let nextHop: NextHop?

    init(_ backend: BackendPlan, of service: ServicePlan) {
        let hop = backend.nextHop
        let room = hop.map { Int32($0.mtu) - Int32(backend.tunnel?.overhead ?? 0) } ?? -1
        longestPacket = backend.condition == .down ? -1 : max(room, -1)
        establishedTimeout = service.timeouts.established
        datagramTimeout = service.timeouts.datagrams
        mode = service.mode
        hasServers = service.servers != nil
        resets = service.resets
        interface = hop?.interface ?? 0
        link = LinkAddresses(destination: hop?.destination ?? .broadcast, source: hop?.source ?? .broadcast)
        change = DestinationChange(from: service.endpoint, to: backend.endpoint)
        template = backend.tunnel.flatMap { OuterTemplate($0, around: service.endpoint.address.version) }
        endpoint = backend.endpoint
        self.service = service.endpoint
        tunnel = backend.tunnel
        condition = backend.condition
        endpointNumber = backend.endpointNumber
        nextHop = hop
    }

    /// Bytes that the mode puts in front of a packet.
    @inline(__always)
    var overhead: Int { tunnel?.overhead ?? 0 }
}
