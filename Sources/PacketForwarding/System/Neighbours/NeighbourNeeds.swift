/// The stations that a forwarder has to know before the first packet comes.
extension ForwardingConfiguration {
    /// The next hops to all backends, and the gateways of all routes, each with the position of its interface.
    var neededNeighbours: Set<NeighbourCache.Address> {
        var needed: Set<NeighbourCache.Address> = []
        for route in routes {
            if let gateway = route.gateway, let position = position(of: route.interface) {
                needed.insert(NeighbourCache.Address(address: gateway, interface: position))
            }
        }
        for service in services {
            for backend in service.backends {
                guard let position = interface(onLinkOf: backend.address) else { continue }
                needed.insert(NeighbourCache.Address(address: backend.address, interface: position))
            }
        }
        return needed
    }

    /// The interface whose link an address is on, if no longer prefix of a route leads elsewhere.
    func interface(onLinkOf address: IPAddress) -> Int? {
        var best: (bitCount: Int, position: Int)?
        for (position, interface) in interfaces.enumerated() {
            for own in interface.addresses where own.link.contains(address) {
                if own.link.bitCount > best?.bitCount ?? -1 { best = (own.link.bitCount, position) }
            }
        }
        for route in routes where route.gateway == nil {
            guard let link = route.destination, link.contains(address), let position = position(of: route.interface)
            else { continue }
            if link.bitCount > best?.bitCount ?? -1 { best = (link.bitCount, position) }
        }
        guard let best else { return nil }
        let isRouted = routes.contains { route in
            guard route.gateway != nil, let destination = route.destination else { return false }
            return destination.bitCount > best.bitCount && destination.contains(address)
        }
        return isRouted ? nil : best.position
    }

    private func position(of interface: String) -> Int? {
        interfaces.firstIndex { $0.name == interface }
    }
}
