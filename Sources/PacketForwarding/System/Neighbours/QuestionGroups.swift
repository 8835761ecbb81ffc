/// The groups of stations by which an interface is asked for IPv6 addresses (RFC 4861 §4.3).
struct QuestionGroups: Hashable {
    /// The most groups that an interface is to tell apart; with more it takes them all, as it does for prefixes.
    static let limit = 256

    /// The groups' station addresses; none if ``isAll``.
    let stations: Set<MACAddress>
    /// Whether the interface is to take what is for any group.
    let isAll: Bool

    /// The groups of the addresses that a forwarder answers for on the interface at a position of its configuration.
    init(_ configuration: ForwardingConfiguration, interface position: Int) {
        let name = configuration.interfaces[position].name
        var stations: Set<MACAddress> = []
        var hasPrefix = false
        for service in configuration.services where service.address.address.version == .v6 {
            for source in service.sourceAddresses { stations.insert(MACAddress(multicast: source.solicitedNode)) }
            guard service.announce?.contains(name) ?? true else { continue }
            if service.address.bitCount < 128 {
                hasPrefix = true
            } else {
                stations.insert(MACAddress(multicast: service.address.address.solicitedNode))
            }
        }
        isAll = hasPrefix || stations.count > Self.limit
        self.stations = isAll ? [] : stations
    }
}

#if os(Linux)
    import CPacketSocket

    extension PacketSocket {
        /// Has the interface take what is for a group, or for all of them if it is `nil`, or no longer; whether it does.
        func setMembership(in group: MACAddress?, isMember: Bool) -> Bool {
            var request = packet_mreq()
            request.mr_ifindex = CInt(bitPattern: index)
            request.mr_type = UInt16(group == nil ? PACKET_MR_ALLMULTI : PACKET_MR_MULTICAST)
            if let group {
                request.mr_alen = 6
                unsafe withUnsafeMutableBytes(of: &request.mr_address) { bytes in
                    for place in 0..<6 {
                        unsafe bytes[place] = UInt8(truncatingIfNeeded: group.bits >> UInt64(40 - 8 * place))
                    }
                }
            }
            return descriptor.set(
                isMember ? PACKET_ADD_MEMBERSHIP : PACKET_DROP_MEMBERSHIP, of: SOL_PACKET, to: request)
        }
    }
#endif
