import LoadBalancing

/// What a flow is found by: protocol, client and service.
///
/// The number of the service stands for its address, port and protocol: whoever looks a flow up has found its service
/// before, and no two services share the three. A service with more than one address or port has flows that differ in
/// nothing else than which of these they are to: that is their target.
struct FlowKey: Hashable, Sendable, BitwiseCopyable {
    /// The client's address.
    let client: IPAddress
    /// The client's port, and the service's number above it.
    let ends: UInt32
    /// Where the packets are sent to, as ``FlowTable/target(of:)`` has it; 0 for a service with one address and one port.
    let target: UInt64
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
        target = 0
        self.transport = transport
        group = UInt16(truncatingIfNeeded: serviceAndGroup &>> 16)
    }

    /// The key of a client's packets to a service.
    @inline(__always)
    init(
        client: IPAddress, port: UInt16, transport: IPProtocol, service: UInt16, mode: FlowMode, target: UInt64 = 0
    ) {
        self.client = client
        self.ends = UInt32(port) | UInt32(service) &<< 16
        self.target = target
        self.transport = transport
        group = mode == .nat ? Self.answered(transport) : service
    }

    /// The key of a backend's packets to a client, which name no service.
    @inline(__always)
    init(answersTo client: IPAddress, port: UInt16, transport: IPProtocol) {
        self.client = client
        self.ends = UInt32(port)
        target = 0
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
        guard client.version == .v4 else {
            return hasher.hash(client.high, client.low, portAndGroup | target &<< 32)
        }
        return target == 0
            ? hasher.hash(UInt64(client.v4Bits) | portAndGroup &<< 32)
            : hasher.hash(target, UInt64(client.v4Bits), portAndGroup)
    }

    /// The first word of the flow's entry: half of an IPv6 address; of IPv4 the target.
    @inline(__always)
    var entryHigh: UInt64 { client.version == .v4 ? target : client.high }

    /// The mark of the flow's entry: of IPv6 the target.
    @inline(__always)
    var entryMark: UInt32 { client.version == .v4 ? 0 : UInt32(truncatingIfNeeded: target) }
}
