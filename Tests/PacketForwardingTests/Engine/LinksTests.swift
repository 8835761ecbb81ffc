import Testing

@testable import PacketForwarding

/// The longest prefix wins, links before gateways, and of several gateways the first that is known.
@Suite struct LinksTests {
    private static func links(knowing stations: [String], routes: [RouteConfiguration]) throws -> Links {
        let interfaces = try [("a0", "192.0.2.1/24", 1), ("b0", "198.51.100.1/24", 2)].map { name, address, number in
            InterfaceConfiguration(
                name: name, mac: MACAddress(bits: UInt64(number)), addresses: [try #require(InterfaceAddress(address))])
        }
        let neighbours = try stations.enumerated().map { number, station in
            let words = station.split(separator: " ")
            return NeighbourConfiguration(
                address: try #require(IPAddress(words[0])), mac: MACAddress(bits: 0x100 + UInt64(number)),
                interface: String(words[1]))
        }
        return Links(
            ForwardingConfiguration(interfaces: interfaces, neighbours: neighbours, routes: routes, services: []))
    }

    private static func route(_ destination: String?, _ gateway: String?, _ interface: String) -> RouteConfiguration {
        RouteConfiguration(
            to: destination.flatMap { IPPrefix($0) }, via: gateway.flatMap { IPAddress($0) }, interface: interface)
    }

    private static let several = [
        route(nil, "192.0.2.254", "a0"), route("10.0.0.0/8", "192.0.2.11", "a0"),
        route("10.0.0.0/8", "198.51.100.12", "b0"), route("10.98.0.0/16", nil, "b0"),
        route("10.97.0.0/16", "fe80::1", "b0"),
    ]

    @Test(arguments: [
        ("its own link", "192.0.2.7", ["192.0.2.7 a0"], 0),
        ("the default gateway", "203.0.113.1", ["192.0.2.254 a0"], 0),
        ("the first of several", "10.1.1.1", ["192.0.2.11 a0", "198.51.100.12 b0"], 0),
        ("the only one of several that is known", "10.1.1.1", ["192.0.2.254 a0", "198.51.100.12 b0"], 1),
        ("no shorter prefix where none is known", "10.1.1.1", ["192.0.2.254 a0"], nil),
        ("a link that is routed", "10.98.0.5", ["192.0.2.254 a0", "10.98.0.5 b0"], 1),
        ("nobody else where that is not known", "10.98.0.5", ["192.0.2.11 a0"], nil),
        ("an IPv6 station", "10.97.0.5", ["fe80::1 b0"], 0),
        ("nobody of another interface", "192.0.2.7", ["192.0.2.7 b0"], nil),
    ])
    func leadTo(what: String, address: String, stations: [String], station: Int?) throws {
        let links = try Self.links(knowing: stations, routes: Self.several)
        let hop = links.nextHop(to: try #require(IPAddress(address)))
        #expect(hop?.destination == station.map { MACAddress(bits: 0x100 + UInt64($0)) }, "\(what)")
        #expect(station == nil || hop?.interface == (stations[station ?? 0].hasSuffix("a0") ? 0 : 1), "\(what)")
    }

    /// All that may be asked for is asked for before the first packet.
    @Test(arguments: [("10.98.0.5", 1), ("10.99.0.5", nil), ("192.0.2.7", 0), ("203.0.113.1", nil)])
    func askOnLinks(address: String, position: Int?) throws {
        var configuration = ForwardingConfiguration(
            interfaces: try [("a0", "192.0.2.1/24"), ("b0", "198.51.100.1/24")].map { name, address in
                InterfaceConfiguration(
                    name: name, mac: MACAddress(bits: 1), addresses: [try #require(InterfaceAddress(address))])
            }, services: [])
        configuration.routes = Self.several
        #expect(configuration.interface(onLinkOf: try #require(IPAddress(address))) == position)
    }
}
