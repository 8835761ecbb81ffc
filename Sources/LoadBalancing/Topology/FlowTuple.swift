/// The addresses and ports of a packet's flow: what balancers of packets place connections by.
public struct FlowTuple: Hashable, Sendable {
    /// Who sends.
    public var source: NetworkAddress
    /// From which port; 0 where there are none.
    public var sourcePort: UInt16
    /// To whom.
    public var destination: NetworkAddress
    /// To which port; 0 where there are none.
    public var destinationPort: UInt16
    /// The protocol: 6 for TCP, 17 for UDP.
    public var protocolNumber: UInt8
    /// The sequence number that a TCP connection began with; `nil` where it does not count.
    public var sequence: UInt32?

    /// Describes a flow.
    public init(
        source: NetworkAddress, sourcePort: UInt16, destination: NetworkAddress, destinationPort: UInt16,
        protocolNumber: UInt8,
        sequence: UInt32? = nil
    ) {
        self.source = source
        self.sourcePort = sourcePort
        self.destination = destination
        self.destinationPort = destinationPort
        self.protocolNumber = protocolNumber
        self.sequence = sequence
    }

    /// What of a flow counts.
    public enum Distribution: String, Hashable, Sendable, CaseIterable, Codable {
        /// Everything, the sequence number of TCP too: AWS NLB.
        case flowWithSequence
        /// Both addresses, both ports, the protocol: Azure's default, GWLB.
        case fiveTuple
        /// Both addresses and the protocol: Azure's `SourceIPProtocol`.
        case threeTuple
        /// Both addresses: Azure's `SourceIP`.
        case twoTuple
        /// The source's address: NLB's `source_ip`, Kubernetes' `ClientIP`.
        case source
    }

    /// The hash of what counts, for a keyed policy.
    public func keyHash(_ distribution: Distribution) -> UInt64 {
        func hash(_ address: NetworkAddress) -> UInt64 {
            NetworkPrefix(address, length: address.family.bitCount).keyHash
        }
        var key = hash(source)
        if distribution == .source { return key }
        key = Mixing.mix(key ^ hash(destination).rotated(left: 32))
        if distribution == .twoTuple { return key }
        key = Mixing.mix(key ^ UInt64(protocolNumber))
        if distribution == .threeTuple { return key }
        key = Mixing.mix(key ^ UInt64(sourcePort) << 16 ^ UInt64(destinationPort))
        guard distribution == .flowWithSequence, let sequence else { return key }
        return Mixing.mix(key ^ UInt64(sequence) << 32)
    }
}
