/// What a station is told of an address: that it is at ours.
struct AddressClaim: Hashable {
    let address: IPAddress
    /// The position of the interface.
    let interface: Int
    /// The interface's own station.
    let station: MACAddress
}

extension ForwardingConfiguration {
    /// What is to be announced: single addresses, where a service announces them; prefixes are routed.
    var claims: Set<AddressClaim> {
        var claims: Set<AddressClaim> = []
        for service in services where service.address.bitCount == service.address.address.bitWidth {
            for (position, interface) in interfaces.enumerated()
            where service.announce?.contains(interface.name) ?? true {
                claims.insert(
                    AddressClaim(address: service.address.address, interface: position, station: interface.mac))
            }
        }
        return claims
    }
}
