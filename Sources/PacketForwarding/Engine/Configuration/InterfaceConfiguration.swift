/// An interface: its station address, its addresses, and what fits through it.
public struct InterfaceConfiguration: Hashable, Sendable, Codable {
    /// The name by which routes, neighbours and services refer to it.
    public var name: String
    /// Its station address; frames to others are not ours.
    public var mac: MACAddress
    /// The longest IP packet; the Ethernet header and a tag do not count.
    public var mtu: Int
    /// Its own addresses, each with the prefix that is on its link.
    public var addresses: [InterfaceAddress]

    /// An interface.
    public init(name: String, mac: MACAddress, mtu: Int = 1_500, addresses: [InterfaceAddress] = []) {
        self.name = name
        self.mac = mac
        self.mtu = mtu
        self.addresses = addresses
    }
}

/// An address of an interface with the length of the prefix that is on its link: `10.0.0.2/24`.
public struct InterfaceAddress: Hashable, Sendable {
    /// The interface's own address.
    public let address: IPAddress
    /// The addresses on the link.
    public let link: IPPrefix

    /// An address and the bits that it shares with its link; `nil` if it has not so many.
    public init?(_ address: IPAddress, bitCount: Int) {
        guard let link = IPPrefix(address, bitCount: bitCount) else { return nil }
        self.address = address
        self.link = link
    }
}

/// Text: the address, a slash and the number of bits.
extension InterfaceAddress: LosslessStringConvertible, Codable {
    /// Reads `10.0.0.2/24` or `fd00::2/64`; an address alone is the only one of its link; `nil` for anything else.
    public init?(_ text: String) {
        let host = text.prefix { $0 != "/" }
        guard let address = IPAddress(host), let link = IPPrefix(text) else { return nil }
        self.address = address
        self.link = link
    }

    /// The address, a slash and the number of bits.
    public var description: String { "\(address)/\(link.bitCount)" }

    /// Reads the text that ``description`` gives.
    public init(from decoder: any Decoder) throws {
        self = try decoder.decodeText()
    }

    /// Writes ``description``.
    public func encode(to encoder: any Encoder) throws {
        try encoder.encodeText(description)
    }
}

/// A station of a link whose station address is known.
public struct NeighbourConfiguration: Hashable, Sendable, Codable {
    /// Its IP address.
    public var address: IPAddress
    /// Its station address.
    public var mac: MACAddress
    /// The interface whose link it is on.
    public var interface: String

    /// A neighbour.
    public init(address: IPAddress, mac: MACAddress, interface: String) {
        self.address = address
        self.mac = mac
        self.interface = interface
    }
}

/// The way to addresses that are not on the link of an interface's own; the longest prefix wins, links included.
///
/// Of several routes to the same prefix, the first counts whose station is known.
public struct RouteConfiguration: Hashable, Sendable, Codable {
    /// The addresses; `nil` for all of the gateway's version, `"default"` in a file.
    public var destination: IPPrefix?
    /// The station that takes packets to them, for IPv4 also one that is known by its IPv6 address (RFC 8950); `nil` if
    /// they are on the interface's link themselves.
    public var gateway: IPAddress?
    /// The interface whose link the gateway is on.
    public var interface: String

    private enum CodingKeys: String, CodingKey {
        case destination = "to"
        case gateway = "via"
        case interface
    }

    /// A route.
    public init(to destination: IPPrefix?, via gateway: IPAddress?, interface: String) {
        self.destination = destination
        self.gateway = gateway
        self.interface = interface
    }

    /// Reads `{"to": "default", "via": "10.0.0.1", "interface": "eth0"}`; `to` may be a prefix, and then `via` may be missing.
    public init(from decoder: any Decoder) throws {
        let values = try decoder.container(keyedBy: CodingKeys.self)
        let isDefault = try values.decode(String.self, forKey: .destination) == "default"
        self.init(
            to: isDefault ? nil : try values.decode(IPPrefix.self, forKey: .destination),
            via: try values.decodeIfPresent(IPAddress.self, forKey: .gateway),
            interface: try values.decode(String.self, forKey: .interface))
    }

    /// Writes what is read.
    public func encode(to encoder: any Encoder) throws {
        var values = encoder.container(keyedBy: CodingKeys.self)
        try values.encode(destination?.description ?? "default", forKey: .destination)
        try values.encodeIfPresent(gateway, forKey: .gateway)
        try values.encode(interface, forKey: .interface)
    }
}
