/// The end of a tunnel at a backend: takes packets out that the load balancer put in.
///
/// A tunnel's end that takes anything from anybody lets strangers in behind every filter. This one takes packets of the
/// configured senders for the configured addresses, and no others.
public struct TunnelReceiver: Sendable {
    /// Who may send outer packets: the load balancers.
    public let outerSources: [IPPrefix]

    /// Whom inner packets may be for: the services' addresses.
    public let innerDestinations: [IPPrefix]

    /// Whom outer packets may be for: this host; `nil` for anybody.
    ///
    /// A switch that floods brings a host the packets of others, which they take out, too.
    public var outerDestinations: [IPPrefix]?

    /// The UDP port that GUE comes to.
    public let guePort: UInt16

    /// A receiver of what `outerSources` send to `innerDestinations`.
    public init(
        outerSources: [IPPrefix], innerDestinations: [IPPrefix], outerDestinations: [IPPrefix]? = nil,
        guePort: UInt16 = 6_080
    ) {
        self.outerSources = outerSources
        self.innerDestinations = innerDestinations
        self.outerDestinations = outerDestinations
        self.guePort = guePort
    }

    /// Takes a packet out: the frame then holds the inner one behind the same link header.
    ///
    /// Congestion that a router reported on the outer packet goes over to the inner one (RFC 6040 §4.2). Nothing else of
    /// the inner packet changes, its hop limit neither. A checksum that was left to the interface is computed first.
    ///
    /// - Parameter frame: An outer packet in its frame; with an error, it stays one.
    /// - Throws: Why the packet is not taken.
    public func decapsulate(_ frame: inout Frame) throws(DecapsulationError) {
        frame.completeChecksum()
        let (outer, inner) = try read(frame)
        let ecn = try TunnelECN.decapsulated(inner: inner.trafficClass & 3, outer: outer.trafficClass & 3)
        frame.truncate(to: inner.end)
        frame.setECN(ecn, of: inner)
        _ = frame.moveLinkHeader(Int(outer.networkOffset), leaving: 0, before: Int(inner.networkOffset))
        frame.setEtherType(inner.version == .v4 ? .ipv4 : .ipv6, before: Int(outer.networkOffset))
    }

    private func read(_ frame: borrowing Frame) throws(DecapsulationError) -> (outer: Packet, inner: Packet) {
        let tag = frame.metadata.tag
        return try frame.withBytes { bytes throws(DecapsulationError) in
            guard let header = EthernetHeader(bytes, tag: tag),
                let outer = Packet(bytes, behind: header), !outer.isMalformed, outer.part == .whole
            else { throw .malformed }
            let (version, offset) = try inner(bytes, of: outer)
            guard outerSources.contains(where: { $0.contains(outer.source) }) else { throw .unknownSource }
            guard outerDestinations?.contains(where: { $0.contains(outer.destination) }) ?? true else {
                throw .anotherHost
            }
            guard let inner = Packet(bytes, at: offset, limit: outer.end, version: version), !inner.isMalformed
            else { throw .malformedInner }
            guard innerDestinations.contains(where: { $0.contains(inner.destination) }) else {
                throw .unknownDestination
            }
            return (outer, inner)
        }
    }

    /// Where the inner packet begins, and its version.
    private func inner(
        _ bytes: RawSpan, of outer: Packet
    ) throws(DecapsulationError) -> (version: IPVersion, offset: Int) {
        let offset = Int(outer.transportOffset)
        switch outer.transport {
        case .ipv4: return (.v4, offset)
        case .ipv6: return (.v6, offset)
        case .gre:
            guard let header = GREHeader(bytes, at: offset, limit: outer.end) else { throw .malformed }
            if header.hasChecksum {
                guard OnesComplementSum(bytes, offset..<outer.end).checksum == 0 else { throw .malformed }
            }
            switch header.protocolType {
            case .ipv4: return (.v4, offset + header.byteCount)
            case .ipv6: return (.v6, offset + header.byteCount)
            default: throw .notATunnel
            }
        case .udp:
            guard outer.destinationPort == guePort else { throw .notATunnel }
            let payload = outer.datagramPayload(bytes)
            guard outer.hasValidUDPChecksum(bytes),
                let header = GUEHeader(bytes, at: payload.lowerBound, limit: payload.upperBound)
            else { throw .malformed }
            switch header.transport {
            case .ipv4: return (.v4, payload.lowerBound + header.byteCount)
            case .ipv6: return (.v6, payload.lowerBound + header.byteCount)
            default: throw .notATunnel
            }
        default: throw .notATunnel
        }
    }
}
