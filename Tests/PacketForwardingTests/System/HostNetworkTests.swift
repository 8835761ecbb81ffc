import Testing

@testable import PacketForwarding

/// What the kernel's messages say is read, and nothing is made of what they do not say whole.
@Suite struct HostNetworkTests {
    private static func native(_ number: some FixedWidthInteger) -> [UInt8] {
        unsafe withUnsafeBytes(of: number) { unsafe Array($0) }
    }

    /// A message: length, type and flags, no number, no port, and a body (netlink(7)).
    private static func message(_ type: UInt16, flags: UInt16 = 2, _ body: [UInt8] = []) -> [UInt8] {
        let length = native(UInt32(16 + body.count))
        let padding = [UInt8](repeating: 0, count: (4 - body.count % 4) % 4)
        return length + native(type) + native(flags) + [UInt8](repeating: 0, count: 8) + body + padding
    }

    private static func attribute(_ type: UInt16, _ value: [UInt8]) -> [UInt8] {
        let padding = [UInt8](repeating: 0, count: (4 - value.count % 4) % 4)
        return native(UInt16(4 + value.count)) + native(type) + value + padding
    }

    /// `eth1`, number 3, up and running, with a station address and an MTU of 1,400.
    private static let link = message(
        16,
        [0, 0, 1, 0] + native(UInt32(3)) + native(UInt32(0x41)) + native(UInt32(0))
            + attribute(1, [2, 0, 0, 0, 0, 7]) + attribute(3, Array("eth1\0".utf8))
            + attribute(4, native(UInt32(1_400))))
    /// 192.0.2.1/24 on it.
    private static let address = message(20, [2, 24, 0, 0] + native(UInt32(3)) + attribute(1, [192, 0, 2, 1]))
    /// 192.0.2.9 beside it, reachable.
    private static let neighbour = message(
        28,
        [2, 0, 0, 0] + native(UInt32(3)) + native(UInt16(2)) + [0, 1] + attribute(1, [192, 0, 2, 9])
            + attribute(2, [2, 0, 0, 0, 0, 9]))
    private static let whole = link + address + neighbour

    /// A route of the main table to 10.0.0.0/8 with attributes behind it.
    private static func route(flags: UInt32 = 0, table: UInt8 = 254, kind: UInt8 = 1, _ attributes: [UInt8]) -> [UInt8]
    {
        message(24, [2, 8, 0, 0, table, 3, 0, kind] + native(flags) + attribute(1, [10, 0, 0, 0]) + attributes)
    }

    /// One of several hops of a route.
    private static func hop(_ interface: UInt32, flags: UInt8 = 0, _ attributes: [UInt8]) -> [UInt8] {
        native(UInt16(8 + attributes.count)) + [flags, 0] + native(interface) + attributes
    }

    private static let out = attribute(4, native(UInt32(3)))
    private static let via = attribute(5, [192, 0, 2, 9])

    private func read(_ bytes: [UInt8]) -> (HostNetwork, HostNetwork.Answer) {
        var network = HostNetwork()
        let answer = bytes.withRawSpan { network.note($0) }
        return (network, answer)
    }

    @Test func readsWhatThereIs() throws {
        let (network, answer) = read(Self.whole)
        #expect(answer == .goesOn)
        #expect(
            network.interfaces == [
                3: HostNetwork.Interface(name: "eth1", mac: MACAddress(bits: 0x0200_0000_0007), mtu: 1_400, isUp: true)
            ])
        #expect(network.addresses.map(\.address.description) == ["192.0.2.1/24"])
        #expect(network.neighbours.map(\.mac) == [MACAddress(bits: 0x0200_0000_0009)])
    }

    @Test(arguments: [
        ("the end", message(3, native(Int32(0))), HostNetwork.Answer.ended),
        ("the end without a number", message(3), .ended),
        ("an end that failed", message(3, native(Int32(-105))), .failed(105)),
        ("an error", message(2, native(Int32(-1)) + message(16)), .failed(1)),
        ("an acknowledgement", message(2, native(Int32(0)) + message(16)), .ended),
        ("a number that has no opposite", message(2, native(Int32.min)), .ended),
        ("something unknown", message(99, [1, 2, 3]), .goesOn),
        ("what is before the end", link + message(3, native(Int32(0))), .ended),
        ("nothing", [], .goesOn),
    ])
    func saysHowItEnds(what: String, bytes: [UInt8], answer: HostNetwork.Answer) {
        #expect(read(bytes).1 == answer, "\(what)")
    }

    @Test(arguments: [
        ("through a gateway", route(out + via), ["3 192.0.2.9"]),
        ("to a link", route(out), ["3 -"]),
        (
            "through an IPv6 station",
            route(out + attribute(18, native(UInt16(10)) + [0xFE, 0x80] + .init(repeating: 0, count: 13) + [1])),
            ["3 fe80::1"]
        ),
        (
            "through several",
            route(attribute(9, hop(4, via) + hop(3, attribute(5, [192, 0, 2, 8])))), ["4 192.0.2.9", "3 192.0.2.8"]
        ),
        (
            "through what is left", route(attribute(9, hop(4, flags: 1, via) + hop(5, flags: 16, via) + hop(3, []))),
            ["3 -"]
        ),
        ("through nothing whole", route(attribute(9, native(UInt16(40)) + [0, 0] + native(UInt32(3)))), []),
        ("where there is no link", route(flags: 16, out + via), []),
        ("of another table", route(table: 100, out + via), []),
        ("to nowhere", route(kind: 6, out + via), []),
        ("to nobody said where", route(via), []),
    ])
    func readsRoutes(how: String, bytes: [UInt8], ways: [String]) {
        let routes = read(bytes).0.routes
        #expect(routes.map { "\($0.interface) \($0.gateway?.description ?? "-")" } == ways, "\(how)")
        #expect(routes.allSatisfy { $0.destination == IPPrefix("10.0.0.0/8") }, "\(how)")
    }

    /// What an address of the interface says already is not said again.
    @Test func configuresRoutes() throws {
        let link = Self.message(
            24, [2, 24, 0, 0, 254, 2, 253, 1, 0, 0, 0, 0] + Self.attribute(1, [192, 0, 2, 0]) + Self.out)
        let other = Self.attribute(4, Self.native(UInt32(9)))
        let network = read(
            Self.whole + link + Self.route(Self.out) + Self.route(Self.out + Self.via) + Self.route(other)
        ).0
        let interface = try #require(network.interfaceConfiguration(of: "eth1"))
        let configuration = ForwardingConfiguration(interfaces: [interface], services: [])
        let prefix = IPPrefix("10.0.0.0/8")
        #expect(
            network.routes(of: configuration) == [
                RouteConfiguration(to: prefix, via: nil, interface: "eth1"),
                RouteConfiguration(to: prefix, via: IPAddress("192.0.2.9"), interface: "eth1"),
            ])
    }

    /// Linux says so once, in the message behind the change.
    @Test(arguments: [(flags: UInt16(2), isTorn: false), (0x12, true)])
    func seesThatItChangedMeanwhile(flags: UInt16, isTorn: Bool) {
        let first = Self.message(16, flags: flags, [UInt8](repeating: 0, count: 16))
        #expect(read(first + Self.whole).0.isTorn == isTorn)
    }

    /// Messages that end too soon say nothing.
    @Test func readsNoFurtherThanThereIs() {
        let whole = read(Self.whole).0
        for count in 0..<Self.whole.count {
            let (network, answer) = read(Array(Self.whole.prefix(count)))
            #expect(answer == .goesOn)
            #expect(network.interfaces.isEmpty || network.interfaces == whole.interfaces, "\(count) bytes")
            #expect(network.addresses.isEmpty || network.addresses == whole.addresses, "\(count) bytes")
            #expect(network.neighbours.isEmpty, "\(count) bytes")
        }
    }

    /// A message says one thing at most, whatever is in it.
    @Test(arguments: UInt64(1)...20)
    func survivesAnyBytes(seed: UInt64) {
        var random = Noise(seed: seed)
        for _ in 0..<2_000 {
            var bytes = Self.whole
            for _ in 0..<4 {
                bytes[Int.random(in: 0..<bytes.count, using: &random)] = .random(in: 0...255, using: &random)
            }
            let network = read(bytes).0
            #expect(network.interfaces.count + network.addresses.count + network.neighbours.count <= 3)
        }
    }
}
