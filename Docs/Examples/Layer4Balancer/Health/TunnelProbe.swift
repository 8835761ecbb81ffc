import Glibc
import LoadBalancing
import PacketForwarding

/// Asks for a service's address on one backend, through the tunnel: what clients' packets meet is tested, and not only the
/// backend's own address.
///
/// The question goes inside of an outer header, and the backend's answer comes directly. Routes must bring answers of the
/// service's address here, past `rp_filter`.
struct TunnelProbe {
    private let service: Endpoint
    private let backend: IPAddress
    private let mode: ServiceMode
    private let tunnelSource: TunnelSource

    init(to service: Endpoint, at backend: IPAddress, mode: ServiceMode, tunnelSource: TunnelSource) {
        self.service = service
        self.backend = backend
        self.mode = mode
        self.tunnelSource = tunnelSource
    }

    /// Opens a connection, no further than to the backend's SYN and ACK: the host has no such connection and resets it, and so
    /// does the probe.
    func connect(until deadline: Timestamp) throws(ProbeError) -> HealthReport {
        let own = Endpoint(try ownAddress, .random(in: 32_768...60_999))
        let sequence = UInt32.random(in: .min ... .max)
        let listener = try ProbeSocket(service.address.version, SOCK_RAW, CInt(IPPROTO_TCP))
        // Or connecting it would choose another one of the host's addresses to receive at.
        try listener.bind(to: own.address)
        // So that others' segments are not heard. Where a route drops the service's packets it cannot be, and all are heard.
        try? listener.connect(to: Endpoint(service.address, 0))
        let tunnel = try openTunnel()
        try tunnel.send(encapsulated(ProbeSegment(from: own, to: service, sequence: sequence, flags: .syn)))
        while true {
            var bytes = try listener.receive(until: deadline)
            // Of IPv4 the header comes along.
            if own.address.version == .v4 { bytes.removeFirst(min(bytes.count, Int(bytes.first ?? 0) % 16 * 4)) }
            guard let answer = ProbeSegment.Answer(bytes), answer.sourcePort == service.port,
                answer.destinationPort == own.port, answer.acknowledgement == sequence &+ 1
            else { continue }
            guard answer.accepts else { throw ProbeError("\(service) refuses connections") }
            let reset = encapsulated(ProbeSegment(from: own, to: service, sequence: sequence &+ 1, flags: .rst))
            // A backend whose own stack has nobody for the tunnel may say so by ICMP, which is told instead of sending once.
            if (try? tunnel.send(reset)) == nil { try? tunnel.send(reset) }
            return .healthy
        }
    }

    /// Sends a datagram and waits for one that begins as `expected` does.
    func ask(_ payload: [UInt8], expecting expected: [UInt8], until deadline: Timestamp) throws(ProbeError)
        -> HealthReport
    {
        let address = try ownAddress
        // The kernel has the port meanwhile, so that nobody else does, and the answer finds somebody.
        let listener = try ProbeSocket(service.address.version, SOCK_DGRAM)
        try listener.bind(to: address)
        let own = Endpoint(address, listener.port)
        try openTunnel().send(
            encapsulated(ProbeSegment(from: own, to: service, sequence: 0, flags: nil, payload: payload)))
        let answer = try listener.receive(from: service, until: deadline)
        guard answer.starts(with: expected) else { throw ProbeError("another answer than expected") }
        return .healthy
    }

    private var ownAddress: IPAddress {
        get throws(ProbeError) {
            let isV4 = service.address.version == .v4
            guard let address = isV4 ? tunnelSource.ipv4 : tunnelSource.ipv6 else {
                throw ProbeError("set tunnelSource.\(isV4 ? "ipv4" : "ipv6") to an address that backends can answer to")
            }
            return address
        }
    }

    private func openTunnel() throws(ProbeError) -> ProbeSocket {
        let tunnel: ProbeSocket
        switch mode {
        case .gre: tunnel = try ProbeSocket(backend.version, SOCK_RAW, CInt(IPPROTO_GRE))
        case .gue: tunnel = try ProbeSocket(backend.version, SOCK_DGRAM)
        default:
            let inner = service.address.version == .v4 ? CInt(IPPROTO_IPIP) : CInt(IPPROTO_IPV6)
            tunnel = try ProbeSocket(backend.version, SOCK_RAW, inner)
        }
        if let source = backend.version == .v4 ? tunnelSource.ipv4 : tunnelSource.ipv6 { try tunnel.bind(to: source) }
        try tunnel.connect(to: Endpoint(backend, mode == .gue ? tunnelSource.guePort : 0))
        return tunnel
    }

    /// What goes behind the outer IP header, and with GUE behind the UDP header.
    private func encapsulated(_ segment: ProbeSegment) -> [UInt8] {
        // RFC 2784: no options, and the protocol as Ethernet calls it. GUE's variant 1 is the packet itself.
        let isV4 = service.address.version == .v4
        return (mode == .gre ? [0, 0] + (isV4 ? [0x08, 0x00] : [0x86, 0xDD]) : []) + segment.packet
    }
}
