import LoadBalancing

@testable import PacketForwarding

/// An engine between clients behind a gateway and backends on the link, for tests that send it packets one by one.
///
/// The interface has 02:00:00:00:00:01 and 10.0.0.1/24 and fd00::1/64; the gateway, 02:00:00:00:00:fe, is the last
/// address of each link but one; backend n has 10.0.0.(10 + n) and fd00::(10 + n), and 02:00:00:00:00:(10 + n).
struct EngineLab: ~Copyable {
    let control: ForwardingControl
    var engine: ForwardingEngine
    private var pool = FramePool(frameCount: 80, byteCount: 2_048, headroom: 128)
    private var pieces = FrameBatch(capacity: 64)

    init(_ services: [ServiceConfiguration], limits: ForwardingLimits = ForwardingLimits(flows: 1_024)) throws {
        control = try ForwardingControl(Self.configuration(services, limits: limits))
        engine = ForwardingEngine(
            control, capacity: EngineCapacity(services: 8, backends: 256, fragments: 64, sourceGroups: 64),
            secret: SipKey(1, 2), now: Self.time(0))
    }

    /// A lab around an engine.
    init(_ control: ForwardingControl, _ engine: consuming ForwardingEngine) {
        self.control = control
        self.engine = engine
    }

    /// A lab of a given size.
    init(_ control: ForwardingControl, capacity: EngineCapacity) {
        self.control = control
        engine = ForwardingEngine(control, capacity: capacity, secret: SipKey(1, 2), now: Self.time(0))
    }

    static func configuration(
        _ services: [ServiceConfiguration], limits: ForwardingLimits = ForwardingLimits(flows: 1_024)
    ) throws -> ForwardingConfiguration {
        let backends = (1...20).flatMap { [backendAddress($0, .v4), backendAddress($0, .v6)] }
        func mac(_ number: UInt64) -> MACAddress { MACAddress(bits: 0x0200_0000_0000 | number) }
        let addresses = ["10.0.0.1/24", "fd00::1/64"].compactMap { InterfaceAddress($0) }
        var neighbours = backends.map {
            NeighbourConfiguration(address: $0, mac: mac($0.low & 0xFF), interface: "eth0")
        }
        var routes: [RouteConfiguration] = []
        for gateway in [IPAddress(v4: 0x0A00_00FE), IPAddress(v6: 0xFD00_0000_0000_0000, 0xFE)] {
            neighbours.append(NeighbourConfiguration(address: gateway, mac: mac(0xFE), interface: "eth0"))
            routes.append(RouteConfiguration(to: nil, via: gateway, interface: "eth0"))
        }
        return ForwardingConfiguration(
            interfaces: [InterfaceConfiguration(name: "eth0", mac: mac(1), addresses: addresses)],
            neighbours: neighbours, routes: routes,
            tunnelSource: TunnelSource(
                ipv4: IPAddress(v4: 0x0A00_0001), ipv6: IPAddress(v6: 0xFD00_0000_0000_0000, 1)),
            limits: limits, services: services)
    }

    static func backendAddress(_ number: Int, _ version: IPVersion) -> IPAddress {
        version == .v4
            ? IPAddress(v4: 0x0A00_000A + UInt32(number)) : IPAddress(v6: 0xFD00_0000_0000_0000, 10 + UInt64(number))
    }

    /// A service at ``Frames/service(_:)``, port 80, with backends `b1`, `b2`, … at port 80, in turn.
    static func service(
        _ mode: ServiceMode, _ version: IPVersion = .v4, backends: Int = 2, name: String = "web",
        transport: ServiceTransport = .tcp, scheduler: SchedulerName = .policy(.roundRobin)
    ) -> ServiceConfiguration {
        let address = Frames.service(version)
        var service = ServiceConfiguration(
            name: name, transport: transport, address: IPPrefix(address, bitCount: address.bitWidth) ?? everything,
            port: 80, mode: mode, scheduler: scheduler,
            backends: (1...max(backends, 1)).prefix(backends).map {
                BackendConfiguration(name: "b\($0)", address: backendAddress($0, version), port: 80)
            })
        if mode == .fullNAT {
            service.sourceAddresses = [version == .v4 ? IPAddress(v4: 0x0A00_0064) : IPAddress(v6: 0xFD00 << 48, 0x64)]
            service.sourcePorts = SourcePortRange(1_024, 1_033)
        }
        return service
    }

    private static var everything: IPPrefix {
        guard let prefix = IPPrefix(IPAddress(v4: 0), bitCount: 0) else { preconditionFailure("a prefix of no bits") }
        return prefix
    }

    static func time(_ seconds: Double) -> Timestamp {
        Timestamp(nanoseconds: UInt64(seconds * 1e9) + 1_000_000_000)
    }

    /// Has the engine process a frame, be it one that it had before; gives what it says and the frames that it sends.
    mutating func process(
        _ bytes: [UInt8], at seconds: Double = 0, again: Bool = false
    ) -> (verdict: Verdict, sent: [[UInt8]]) {
        guard var frame = pool.take() else { preconditionFailure("a pool without a frame") }
        _ = bytes.withRawSpan { frame.replaceBytes(with: $0) }
        let verdict =
            again
            ? engine.processAgain(&frame, at: Self.time(seconds), pieces: &pieces, pool: &pool)
            : engine.process(&frame, at: Self.time(seconds), pieces: &pieces, pool: &pool)
        var sent: [[UInt8]] = []
        switch verdict {
        case .send, .answer: sent.append(frame.array)
        case .sendPieces: for index in 0..<pieces.count { sent.append(pieces[index].array) }
        case .drop, .pass: break
        }
        while let piece = pieces.popLast() { pool.put(piece) }
        pool.put(frame)
        return (verdict, sent)
    }

    /// Has the engine do what no packet asks for; gives whether all is done, and the frames that it sends.
    mutating func poll(at seconds: Double, budget: Int = 64, room: Int = 64) -> (isDone: Bool, sent: [[UInt8]]) {
        var frames = FrameBatch(capacity: room)
        let isDone = engine.poll(at: Self.time(seconds), budget: budget, frames: &frames, pool: &pool)
        let sent = (0..<frames.count).map { frames[$0].array }
        while let frame = frames.popLast() { pool.put(frame) }
        return (isDone, sent)
    }

    /// Has a client open a connection and send a segment: its next byte is 0x1000_0002, it has received all before 0x5001.
    mutating func connect(
        _ client: Endpoint, to service: Endpoint, through backend: Endpoint? = nil, at seconds: Double
    ) {
        _ = process(Frames.segment(client, service, .syn, sequence: 0x1000_0000), at: seconds)
        if let backend {
            _ = process(
                Frames.segment(backend, client, [.syn, .ack], sequence: 0x5000, acknowledgement: 0x1000_0001),
                at: seconds)
        }
        _ = process(
            Frames.segment(
                client, service, [.psh, .ack], sequence: 0x1000_0001, acknowledgement: 0x5001, payload: [7]),
            at: seconds)
    }

    /// Has the engine explain what it would do with a frame.
    mutating func explain(_ bytes: [UInt8], at seconds: Double = 0) -> Explanation {
        guard var frame = pool.take() else { preconditionFailure("a pool without a frame") }
        _ = bytes.withRawSpan { frame.replaceBytes(with: $0) }
        let explanation = engine.explain(frame, at: Self.time(seconds))
        pool.put(frame)
        return explanation
    }
}

extension Frames {
    /// A segment between two ends, in its frame to the engine.
    static func segment(
        _ source: Endpoint, _ destination: Endpoint, _ flags: TCPFlags, sequence: UInt32 = 0x1000_0000,
        acknowledgement: UInt32 = 0, payload: [UInt8] = []
    ) -> [UInt8] {
        let header =
            big(source.port) + big(destination.port) + big(sequence) + big(acknowledgement)
            + [0x50, flags.rawValue, 0xFA, 0xF0, 0, 0, 0, 0]
        return ip(
            source.address.version, .tcp, header + payload, from: source.address, to: destination.address, checksum: 16)
    }

    /// A datagram between two ends, in its frame to the engine.
    static func datagram(_ source: Endpoint, _ destination: Endpoint, payload: [UInt8] = [7]) -> [UInt8] {
        let header = big(source.port) + big(destination.port) + big(UInt16(8 + payload.count)) + [0, 0]
        return ip(
            source.address.version, .udp, header + payload, from: source.address, to: destination.address, checksum: 6)
    }

    /// A client's end: ``client(_:)`` with a port.
    static func clientEnd(_ port: UInt16 = 40_001, _ version: IPVersion = .v4) -> Endpoint {
        Endpoint(client(version), port)
    }

    /// The service's end.
    static func serviceEnd(_ version: IPVersion = .v4) -> Endpoint { Endpoint(service(version), 80) }

    /// A backend's end.
    static func backendEnd(_ number: Int, _ version: IPVersion = .v4) -> Endpoint {
        Endpoint(EngineLab.backendAddress(number, version), 80)
    }
}
