import LoadBalancing

/// A service as each packet needs it: plain values, so that reading them counts no references.
struct ServiceRule: Sendable, BitwiseCopyable {
    /// Its position, by which flows refer to it.
    let number: UInt16
    let transport: IPProtocol
    let mode: ServiceMode
    let flowMode: FlowMode
    /// Where clients send to; of a prefix, its first address.
    let endpoint: Endpoint
    /// Whether clients send to more than one address or port.
    let isWide: Bool
    /// Whether hashes look at the client's address alone.
    let hashesClients: Bool
    let resets: Bool
    let fragmentsInner: Bool
    let clampMSS: UInt16?
    /// QUIC: whether connection IDs may name backends.
    let hasServers: Bool
    let fragmentTimeout: FlowTimeout

    init(_ service: ServicePlan) {
        number = service.number
        transport = service.transport
        mode = service.mode
        flowMode = service.flowMode
        endpoint = service.endpoint
        isWide = service.isWide
        hashesClients = service.scheduler == .sourceHash
        resets = service.resets
        fragmentsInner = service.fragmentsInner
        clampMSS = service.clampMSS
        hasServers = service.servers != nil
        fragmentTimeout = service.fragmentTimeout
    }
}

/// What a plan has for each packet: tables of plain values, which an engine keeps beside its own.
struct ForwardingTables: Sendable {
    /// Services by number.
    let rules: FixedTable<ServiceRule>
    /// Backends by number.
    let routes: FixedTable<BackendRoute>
    /// The station addresses of the interfaces.
    let stations: FixedTable<MACAddress>
    /// Full NAT's source addresses by number.
    let sourceAddresses: FixedTable<IPAddress>
    /// Services with one address and port: their numbers, and above them the groups of their flows.
    let services: AddressMap
    /// Those of IPv4 once more.
    let narrowServices: EndpointMap
    /// The numbers of the addresses and ports of backends in NAT's modes.
    let translatedEndpoints: AddressMap
    /// The fleet's seed of hashes.
    let seed: UInt64
    /// Whether packets go through tunnels.
    let hasTunnels: Bool

    /// The number of the service of an address, port and protocol, if it has one address and one port; above it the group of
    /// its flows.
    @inline(__always)
    func serviceAndGroup(at address: IPAddress, port: UInt16, transport: IPProtocol) -> UInt32? {
        services[AddressMap.Key(address, port: port, transport: transport)]
    }

    /// The number of a backend's address and port in a service of a NAT mode.
    @inline(__always)
    func translatedEndpoint(_ address: IPAddress, port: UInt16, transport: IPProtocol) -> UInt32? {
        translatedEndpoints[AddressMap.Key(address, port: port, transport: transport)]
    }
}
