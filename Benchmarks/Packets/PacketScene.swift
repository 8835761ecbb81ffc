import LoadBalancing
import PacketForwarding

/// What is measured: a mode, an IP version, and how many flows there are.
struct PacketScene {
    let mode: ServiceMode
    let version: IPVersion
    let transport: ServiceTransport
    let flows: Int
    /// Positions in the flow table.
    let capacity: Int
    var backends = 16

    init(
        _ mode: ServiceMode, _ version: IPVersion, _ transport: ServiceTransport = .udp, flows: Int,
        capacity: Int? = nil
    ) {
        self.mode = mode
        self.version = version
        self.transport = transport
        self.flows = flows
        self.capacity = capacity ?? flows
    }

    static let servicePort: UInt16 = 5201
    static let incoming = MACAddress(bits: 0x0200_0000_000A)
    static let outgoing = MACAddress(bits: 0x0200_0000_000B)

    /// The address that clients send to.
    var service: IPAddress { version == .v4 ? IPAddress(v4: 0x0A63_0001) : IPAddress(v6: 0xFD00_0063, 1) }

    /// The client of a flow: 50,000 flows have the same address.
    func client(_ flow: Int) -> Endpoint {
        Endpoint(clientAddress(flow / 50_000), UInt16(truncatingIfNeeded: 10_000 + flow % 50_000))
    }

    /// One of many addresses behind the gateway.
    func clientAddress(_ number: Int) -> IPAddress {
        let bits = UInt32(truncatingIfNeeded: number)
        return version == .v4 ? IPAddress(v4: 0x6400_0000 &+ bits) : IPAddress(v6: 0xFD00_0064 << 32, UInt64(bits) + 1)
    }

    /// The addresses of a backend.
    func backend(_ number: Int) -> IPAddress {
        let bits = UInt32(truncatingIfNeeded: number)
        return version == .v4 ? IPAddress(v4: 0x0A63_8002 + bits) : IPAddress(v6: 0xFD00_0065 << 32, 2 + UInt64(bits))
    }

    /// One service between two links: clients behind a gateway on the one, backends on the other.
    func configuration() throws -> ForwardingConfiguration {
        let gateway = version == .v4 ? IPAddress(v4: 0x0A01_0002) : IPAddress(v6: 0xFD00_0001 << 32, 2)
        let near = version == .v4 ? IPAddress(v4: 0x0A01_0001) : IPAddress(v6: 0xFD00_0001 << 32, 1)
        let far = version == .v4 ? IPAddress(v4: 0x0A63_8001) : IPAddress(v6: 0xFD00_0065 << 32, 1)
        let bits = version == .v4 ? 17 : 64
        guard let nearLink = InterfaceAddress(near, bitCount: bits),
            let farLink = InterfaceAddress(far, bitCount: bits),
            let address = IPPrefix(service, bitCount: service.bitWidth)
        else { throw CommandFailure(message: "the addresses of the benchmark are no prefixes", code: 1) }
        let members = (0..<backends).map { number in
            BackendConfiguration(name: "backend \(number)", address: backend(number), port: Self.servicePort)
        }
        var service = ServiceConfiguration(
            name: "service", transport: transport, address: address, port: Self.servicePort, mode: mode,
            backends: members)
        if mode == .fullNAT {
            service.sourceAddresses = (0..<16).map { number in
                version == .v4
                    ? IPAddress(v4: 0x0A63_C000 + UInt32(number))
                    : IPAddress(v6: 0xFD00_0065 << 32, 0x1_0000 + UInt64(number))
            }
            service.sourcePorts = SourcePortRange(1_024, 65_535)
        }
        var limits = ForwardingLimits(flows: capacity)
        limits.answersPerSecond = 1_000
        return ForwardingConfiguration(
            interfaces: [
                InterfaceConfiguration(name: "near", mac: Self.incoming, addresses: [nearLink]),
                InterfaceConfiguration(name: "far", mac: Self.outgoing, addresses: [farLink]),
            ],
            neighbours: [
                NeighbourConfiguration(address: gateway, mac: MACAddress(bits: 0x0200_0000_000C), interface: "near")
            ]
                + (0..<backends).map { number in
                    NeighbourConfiguration(
                        address: backend(number), mac: MACAddress(bits: 0x0200_0001_0000 + UInt64(number)),
                        interface: "far")
                },
            routes: [RouteConfiguration(to: nil, via: gateway, interface: "near")],
            tunnelSource: version == .v4 ? TunnelSource(ipv4: far) : TunnelSource(ipv6: far), limits: limits,
            services: [service])
    }

    /// An engine with room for the flows and nothing else.
    func engine() throws -> ForwardingEngine {
        ForwardingEngine(
            try ForwardingControl(configuration()), capacity: EngineCapacity(services: 1, backends: backends),
            secret: SipKey(1, 2), now: Self.start)
    }

    /// When all begins.
    static let start = Timestamp(nanoseconds: 1_000_000_000)
}
