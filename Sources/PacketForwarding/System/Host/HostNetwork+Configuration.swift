/// What a configuration can take from the host.
extension HostNetwork {
    /// An interface as the host has it, for a configuration; `nil` if there is none of the name.
    public func interfaceConfiguration(of name: String) -> InterfaceConfiguration? {
        guard let (number, interface) = interfaces.first(where: { $0.value.name == name }) else { return nil }
        return InterfaceConfiguration(
            name: name, mac: interface.mac, mtu: interface.mtu,
            addresses: addresses.filter { $0.interface == number }.map(\.address))
    }

    /// The known stations on the links of `configuration`'s interfaces.
    public func neighbours(of configuration: ForwardingConfiguration) -> [NeighbourConfiguration] {
        neighbours.compactMap { neighbour in
            name(of: neighbour.interface, in: configuration).map {
                NeighbourConfiguration(address: neighbour.address, mac: neighbour.mac, interface: $0)
            }
        }
    }

    /// The host's routes through `configuration`'s interfaces, besides those to the links of their addresses.
    public func routes(of configuration: ForwardingConfiguration) -> [RouteConfiguration] {
        routes.compactMap { route in
            guard let name = name(of: route.interface, in: configuration), !isLink(route) else { return nil }
            return RouteConfiguration(to: route.destination, via: route.gateway, interface: name)
        }
    }

    /// Whether a route says what an address of its interface says already.
    private func isLink(_ route: Route) -> Bool {
        route.gateway == nil
            && addresses.contains { $0.interface == route.interface && $0.address.link == route.destination }
    }

    private func name(of number: UInt32, in configuration: ForwardingConfiguration) -> String? {
        guard let name = interfaces[number]?.name else { return nil }
        return configuration.interfaces.contains { $0.name == name } ? name : nil
    }
}
