import LoadBalancing

/// A service as the packet path needs it.
struct ServicePlan: Sendable {
    let name: String
    /// Its position, by which flows refer to it.
    let number: UInt16
    let transport: IPProtocol
    let address: IPPrefix
    let port: UInt16?
    let mode: ServiceMode
    let flowMode: FlowMode
    let scheduler: SchedulerName
    /// The numbers of its backends, in the order of the configuration.
    let backends: [UInt32]
    /// Where hashes are looked up.
    let table: ServiceTable
    let resets: Bool
    let endsFlows: Bool
    let fragmentsInner: Bool
    let clampMSS: UInt16?
    /// QUIC: the backends that connection IDs name.
    let servers: QUICServers?
    /// Interfaces that answer for the address; `nil` for all.
    let announcing: Set<UInt16>?
    /// How clients are remembered; `nil` if they are not.
    let persistence: Persistence?
    let timeouts: FlowTimeouts
    let fragmentTimeout: FlowTimeout
    let limits: FlowLimits
    /// The version of the plan that it was removed by; `nil` if it was not.
    var removal: UInt64?

    /// Whether clients send to more than one address or port.
    var isWide: Bool { port == nil || address.bitCount < address.address.bitWidth }

    /// Where clients send to; of a prefix, its first address.
    var endpoint: Endpoint { Endpoint(address.address, port ?? 0) }
}
