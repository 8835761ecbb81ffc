import LoadBalancing

/// What a flow is found by: protocol, client and service.
///
/// The number of the service stands for its address, port and protocol: whoever looks a flow up has found its service
/// before, and no two services share the three.
struct FlowKey: Hashable, Sendable, BitwiseCopyable {
    /// The client's address.
    let client: IPAddress
    /// The client's port, and the service's number above it.
    let ends: UInt32
    /// The protocol.
    let transport: IPProtocol
    /// Which flows share a bucket: those of one service, or of all that answers must be found for.
    private let group: UInt16

    /// The group of a protocol's flows that have answers.
    @inline(__always)
    private static func answered(_ transport: IPProtocol) -> UInt16 {
        transport == .udp ? .max &- 1 : .max
    }

    /// The number of a service, and above it the group of its flows.
    static func serviceAndGroup(_ service: UInt16, _ mode: FlowMode, _ transport: IPProtocol) -> UInt32 {
        UInt32(service) | UInt32(mode == .nat ? answered(transport) : service) &<< 16
    }

    /// The key of a client's packets to a service, whose number and group are known.
    @inline(__always)
    init(client: IPAddress, port: UInt16, transport: IPProtocol, serviceAndGroup: UInt32) {
        self.client = client
        self.ends = UInt32(port) | serviceAndGroup &<< 16
        self.transport = transport
        group = UInt16(truncatingIfNeeded: serviceAndGroup &>> 16)
    }

    /// The key of a client's packets to a service.
    @inline(__always)
    init(client: IPAddress, port: UInt16, transport: IPProtocol, service: UInt16, mode: FlowMode) {
        self.client = client
        self.ends = UInt32(port) | UInt32(service) &<< 16
        self.transport = transport
        group = mode == .nat ? Self.answered(transport) : service
    }

    /// The key of a backend's packets to a client, which name no service.
    @inline(__always)
    init(answersTo client: IPAddress, port: UInt16, transport: IPProtocol) {
        self.client = client
        self.ends = UInt32(port)
        self.transport = transport
        group = Self.answered(transport)
    }

    /// The client's port.
    @inline(__always)
    var port: UInt16 { UInt16(truncatingIfNeeded: ends) }

    /// The service's number.
    @inline(__always)
    var service: UInt16 { UInt16(truncatingIfNeeded: ends &>> 16) }

    /// The hash of what both directions of a flow share: protocol, and the client's address and port; where there is
    /// only one direction, of the service instead of its protocol.
    @inline(__always)
    func hash(_ hasher: FlowHasher) -> UInt64 {
        let portAndGroup = UInt64(port) | UInt64(group) &<< 16
        return client.version == .v4
            ? hasher.hash(UInt64(client.v4Bits) | portAndGroup &<< 32)
            : hasher.hash(client.high, client.low, portAndGroup)
    }
}
