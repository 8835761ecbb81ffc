/// Where a packet goes next: which way out, and to which station.
struct NextHop: Hashable, Sendable, BitwiseCopyable {
    /// The position of the interface.
    let interface: UInt16
    /// The longest IP packet that fits through it.
    let mtu: UInt16
    /// The station that takes it.
    let destination: MACAddress
    /// The interface's own station address.
    let source: MACAddress
}

/// The links that the engine is on: its interfaces, who is on them, and the ways to all others.
struct Links: Sendable {
    /// An interface as the packet path needs it.
    struct Interface: Sendable {
        let mac: MACAddress
        let mtu: UInt16
        /// Its first addresses, which its answers come from.
        let v4: IPAddress?
        let v6: IPAddress?

        /// Its first address of a version.
        func address(of version: IPVersion) -> IPAddress? {
            version == .v4 ? v4 : v6
        }
    }

    private struct Route: Sendable {
        let prefix: IPPrefix
        /// `nil` for a link: the receiver is a neighbour itself.
        let gateway: IPAddress?
        let interface: UInt16
    }

    let interfaces: [Interface]
    /// All addresses of the interfaces.
    private let own: Set<IPAddress>
    /// Longest prefixes first.
    private let routes: [Route]
    private let neighbours: AddressMap
    private let stations: [MACAddress]

    init(_ configuration: ForwardingConfiguration) {
        let positions = Dictionary(
            configuration.interfaces.enumerated().map { ($1.name, UInt16(truncatingIfNeeded: $0)) },
            uniquingKeysWith: { first, _ in first })
        interfaces = configuration.interfaces.map { interface in
            let addresses = interface.addresses.map(\.address)
            return Interface(
                mac: interface.mac, mtu: UInt16(clamping: interface.mtu), v4: addresses.first { $0.version == .v4 },
                v6: addresses.first { $0.version == .v6 })
        }
        own = Set(configuration.interfaces.flatMap { $0.addresses.map(\.address) })
        var routes: [Route] = []
        for (position, interface) in configuration.interfaces.enumerated() {
            for address in interface.addresses {
                routes.append(
                    Route(prefix: address.link, gateway: nil, interface: UInt16(truncatingIfNeeded: position)))
            }
        }
        for route in configuration.routes {
            let everything = route.gateway.flatMap { IPPrefix($0, bitCount: 0) }
            guard let interface = positions[route.interface], let prefix = route.destination ?? everything else {
                continue
            }
            routes.append(Route(prefix: prefix, gateway: route.gateway, interface: interface))
        }
        // Links before gateways of the same length.
        self.routes = routes.enumerated().sorted {
            ($1.element.prefix.bitCount, $0.offset) < ($0.element.prefix.bitCount, $1.offset)
        }.map(\.element)
        let known = configuration.neighbours.compactMap { neighbour in
            positions[neighbour.interface].map { (neighbour, $0) }
        }
        stations = known.map { $0.0.mac }
        neighbours = AddressMap(
            known.enumerated().map { offset, neighbour in
                (Self.key(neighbour.0.address, on: neighbour.1), UInt32(truncatingIfNeeded: offset))
            })
    }

    @inline(__always)
    private static func key(_ address: IPAddress, on interface: UInt16) -> AddressMap.Key {
        AddressMap.Key(address, port: interface, transport: IPProtocol(rawValue: 0))
    }

    /// Whether an interface has the address itself.
    func isOwn(_ address: IPAddress) -> Bool { own.contains(address) }

    /// The interface whose link holds an address; the longest prefix wins.
    func interface(onLinkOf address: IPAddress) -> UInt16? {
        routes.first { $0.gateway == nil && $0.prefix.contains(address) }?.interface
    }

    /// Where packets to `address` go next; `nil` if there is no route, or none of its prefix has a station that is known.
    ///
    /// - Complexity: O(r) for r routes, links included.
    func nextHop(to address: IPAddress) -> NextHop? {
        var chosen: IPPrefix?
        for route in routes where route.prefix.contains(address) {
            guard chosen == nil || chosen == route.prefix else { return nil }
            chosen = route.prefix
            guard let station = neighbours[Self.key(route.gateway ?? address, on: route.interface)] else { continue }
            let interface = interfaces[Int(route.interface)]
            return NextHop(
                interface: route.interface, mtu: interface.mtu, destination: stations[Int(station)],
                source: interface.mac)
        }
        return nil
    }
}
