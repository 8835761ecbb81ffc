import LoadBalancing
import Testing

@testable import PacketForwarding

/// An engine between two links with a service of a mode, and frames for it.
struct EngineScene {
    static let start: UInt64 = 1_000_000_000

    let configuration: ForwardingConfiguration
    let control: ForwardingControl

    /// A TCP and a UDP service of each IP version, with three backends each.
    init(_ mode: ServiceMode, scheduler: SchedulerName = .policy(.roundRobin), flows: Int = 64) throws {
        var services: [ServiceConfiguration] = []
        for transport in [ServiceTransport.tcp, .udp] {
            for version in [IPVersion.v4, .v6] {
                let address = try #require(IPPrefix(Frames.service(version), bitCount: version == .v4 ? 32 : 128))
                var service = ServiceConfiguration(
                    name: "\(transport) \(version)", transport: transport, address: address, port: 80, mode: mode,
                    scheduler: scheduler,
                    backends: (0..<3).map { number in
                        BackendConfiguration(
                            name: "backend \(number)", address: Self.backend(version, number), port: 80)
                    })
                if mode == .fullNAT {
                    service.sourceAddresses = [Self.source(version)]
                    service.sourcePorts = SourcePortRange(5_000, 5_099)
                }
                if transport == .tcp { service.resetOnFailure = true }
                services.append(service)
            }
        }
        let near = [
            try #require(InterfaceAddress("198.51.100.1/24")), try #require(InterfaceAddress("2001:db8:c::1/64")),
        ]
        let far = [try #require(InterfaceAddress("10.0.0.1/24")), try #require(InterfaceAddress("fd00::1/64"))]
        let mac = MACAddress(bits: 0x0200_0000_0001)
        try self.init(
            ForwardingConfiguration(
                interfaces: [
                    InterfaceConfiguration(name: "near", mac: mac, addresses: near),
                    InterfaceConfiguration(name: "far", mac: mac, addresses: far),
                ],
                neighbours: [IPVersion.v4, .v6].flatMap { version in
                    (0..<3).map { number in
                        NeighbourConfiguration(
                            address: Self.backend(version, number),
                            mac: MACAddress(bits: 0x0200_0000_0010 + UInt64(number)),
                            interface: "far")
                    }
                        + (0..<8).map { number in
                            NeighbourConfiguration(
                                address: Self.client(version, number), mac: MACAddress(bits: 0x0200_0000_00FE),
                                interface: "near")
                        }
                },
                tunnelSource: TunnelSource(ipv4: IPAddress("10.0.0.1"), ipv6: IPAddress("fd00::1")),
                limits: ForwardingLimits(flows: flows), services: services))
    }

    init(_ configuration: ForwardingConfiguration) throws {
        self.configuration = configuration
        control = try ForwardingControl(configuration)
    }

    static func backend(_ version: IPVersion, _ number: Int) -> IPAddress {
        version == .v4
            ? IPAddress(v4: 0x0A00_0010 + UInt32(number)) : IPAddress(v6: 0xFD00 << 48, 0x10 + UInt64(number))
    }

    static func source(_ version: IPVersion) -> IPAddress {
        version == .v4 ? IPAddress(v4: 0x0A00_0064) : IPAddress(v6: 0xFD00 << 48, 0x64)
    }

    /// One of eight clients.
    static func client(_ version: IPVersion, _ number: Int) -> IPAddress {
        version == .v4
            ? IPAddress(v4: 0xC633_6410 + UInt32(number)) : IPAddress(v6: 0x2001_0DB8_000C_0000, 0x10 + UInt64(number))
    }

    func engine(_ worker: WorkerNumber = WorkerNumber(), takesShortcuts: Bool = true) -> ForwardingEngine {
        var engine = ForwardingEngine(
            control, capacity: EngineCapacity(services: 4, backends: 12, fragments: 16, sourceGroups: 16),
            worker: worker, secret: SipKey(1, 2), now: Timestamp(nanoseconds: Self.start))
        engine.takesShortcuts = takesShortcuts
        return engine
    }
}

extension ForwardingEngine {
    /// Handles a frame at the beginning; gives it as it was sent, `nil` if it was not.
    mutating func send(_ bytes: [UInt8]) -> [UInt8]? {
        var pool = FramePool(frameCount: 4, byteCount: 2_048, headroom: 64)
        var pieces = FrameBatch(capacity: 4)
        guard var frame = pool.take() else { return nil }
        _ = bytes.withRawSpan { frame.replaceBytes(with: $0) }
        let verdict = process(
            &frame, at: Timestamp(nanoseconds: EngineScene.start), pieces: &pieces, pool: &pool)
        let sent = frame.array
        pool.put(frame)
        return verdict == .send ? sent : nil
    }
}
