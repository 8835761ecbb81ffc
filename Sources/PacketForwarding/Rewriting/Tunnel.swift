/// How packets are carried to a backend inside of other packets.
struct Tunnel: Hashable, Sendable, BitwiseCopyable {
    /// What stands between the outer header and the packet.
    enum Encapsulation: UInt8, Sendable, BitwiseCopyable {
        /// Nothing: IP in IP (RFC 2003, RFC 4213, RFC 2473).
        case ipip
        /// Four bytes of GRE (RFC 2784, RFC 7676).
        case gre
        /// UDP alone: generic UDP encapsulation, variant 1 (draft-ietf-intarea-gue-09).
        case gue
    }

    /// Who sends outer packets.
    enum Source: Hashable, Sendable, BitwiseCopyable {
        /// One address for all.
        case address(IPAddress)
        /// An address of this prefix for each flow, so that receivers which spread load by addresses alone see many.
        case derived(IPPrefix)
        /// What Katran makes of the client's address and port; with GUE one address, and the port makes up for it.
        case katran(IPAddress)

        var version: IPVersion {
            switch self {
            case .address(let address), .katran(let address): address.version
            case .derived(let prefix): prefix.address.version
            }
        }
    }

    /// The sender of a packet's outer header.
    ///
    /// - Parameters:
    ///   - packet: The inner packet.
    ///   - flowHash: The same for all packets of a flow.
    /// - Returns: An address of the source's version.
    @inline(__always)
    func source(of packet: Packet, flowHash: UInt64) -> IPAddress {
        switch source {
        case .address(let address): address
        case .derived(let prefix): prefix.address(hash: flowHash)
        case .katran(let address): katranSource(of: packet, address)
        }
    }

    @inline(never)
    private func katranSource(of packet: Packet, _ address: IPAddress) -> IPAddress {
        guard encapsulation != .gue else { return address }
        let client = Endpoint(packet.source, packet.sourcePort)
        return address.version == .v4 ? KatranEntropy.v4Source(of: client) : KatranEntropy.v6Source(of: client)
    }

    /// The source port of GUE.
    @inline(__always)
    func sourcePort(of packet: Packet, flowHash: UInt64) -> UInt16 {
        if case .katran = source {
            return KatranEntropy.guePort(
                of: Endpoint(packet.source, packet.sourcePort), over: destination.version)
        }
        let span = UInt64(GUEHeader.sourcePorts.count)
        return GUEHeader.sourcePorts.lowerBound &+ UInt16(truncatingIfNeeded: (flowHash &>> 32 &* span) &>> 32)
    }

    let encapsulation: Encapsulation
    let source: Source
    /// The backend.
    let destination: IPAddress

    /// A tunnel to `destination`; `nil` if the source is of another version.
    init?(_ encapsulation: Encapsulation, from source: Source, to destination: IPAddress) {
        guard source.version == destination.version else { return nil }
        self.encapsulation = encapsulation
        self.source = source
        self.destination = destination
    }

    /// Bytes in front of each packet.
    var overhead: Int {
        @inline(__always) get { OriginatedHeader.byteCount(destination.version) &+ shimByteCount }
    }

    /// Bytes between the outer header and the packet.
    var shimByteCount: Int {
        @inline(__always) get {
            switch encapsulation {
            case .ipip: 0
            case .gre: GREHeader.Offset.minimumEnd
            case .gue: UDPHeader.Offset.end
            }
        }
    }

    /// Whether outer headers are not the same for all flows.
    var dependsOnFlow: Bool {
        @inline(__always) get {
            if encapsulation == .gue { return true }
            if case .derived = source { return true }
            return false
        }
    }

    /// What the outer header says that it carries.
    ///
    /// - Parameter version: The packet's.
    /// - Returns: Its protocol number.
    @inline(__always)
    func transport(around version: IPVersion) -> IPProtocol {
        switch encapsulation {
        case .ipip: version == .v4 ? .ipv4 : .ipv6
        case .gre: .gre
        case .gue: .udp
        }
    }
}
