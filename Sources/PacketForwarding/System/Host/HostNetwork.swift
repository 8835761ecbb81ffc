/// What the host knows of its network: interfaces, addresses, neighbours and routes, as rtnetlink(7) tells them.
///
/// Pure data, read from messages; ``read()`` asks the kernel for them.
public struct HostNetwork: Hashable, Sendable {
    /// An interface.
    public struct Interface: Hashable, Sendable {
        /// The kernel's name of it.
        public var name: String
        /// Its station address; 0 for one that has none.
        public var mac: MACAddress
        /// The longest IP packet that fits through it.
        public var mtu: Int
        /// Whether it is switched on, and something is at its other end.
        public var isUp: Bool
    }

    /// An address of the host.
    public struct Address: Hashable, Sendable {
        /// The kernel's number of the interface that has it.
        public var interface: UInt32
        /// The address and the prefix on its link.
        public var address: InterfaceAddress
    }

    /// A station of a link.
    public struct Neighbour: Hashable, Sendable {
        /// The kernel's number of the interface whose link it is on.
        public var interface: UInt32
        /// Its address.
        public var address: IPAddress
        /// Its station address.
        public var mac: MACAddress
    }

    /// A way to addresses that are not on the link of an address of the host.
    public struct Route: Hashable, Sendable {
        /// The kernel's number of the interface that it leads through.
        public var interface: UInt32
        /// The addresses.
        public var destination: IPPrefix
        /// The station that takes packets to them; `nil` if they are on the interface's link themselves.
        public var gateway: IPAddress?
    }

    /// The interfaces by the kernel's numbers.
    public private(set) var interfaces: [UInt32: Interface] = [:]
    /// The addresses of all interfaces.
    public private(set) var addresses: [Address] = []
    /// The stations whose addresses are known.
    public private(set) var neighbours: [Neighbour] = []
    /// The ways of the main table, each hop of those that have several by itself, in the kernel's order.
    public private(set) var routes: [Route] = []
    /// The addresses that packets to are dropped without a word, of the main table.
    public private(set) var blackholes: [IPPrefix] = []

    init() {}

    /// How an answer of the kernel goes on.
    enum Answer: Hashable {
        /// More of it is to come.
        case goesOn
        /// That was all.
        case ended
        /// The kernel refuses, by the number of its error.
        case failed(Int32)
    }

    /// Whether anything changed while the kernel told it, so that something may be missing or there twice.
    var isTorn = false

    /// Takes what `bytes`, messages of a netlink socket, say there is.
    mutating func note(_ bytes: RawSpan) -> Answer {
        var messages = NetlinkMessages(byteCount: bytes.byteCount)
        while let message = messages.next(of: bytes) {
            if message.isTorn { isTorn = true }
            switch message.type {
            case MessageType.done, MessageType.error:
                // Both begin with the negative number of an error, or with none (netlink(7)).
                let hasCode = message.body.count >= 4
                let code = hasCode ? Int32(bitPattern: bytes.native32(at: message.body.lowerBound)) : 0
                return code < 0 && code > .min ? .failed(-code) : .ended
            case MessageType.link: noteLink(bytes, message.body)
            case MessageType.address: noteAddress(bytes, message.body)
            case MessageType.neighbour: noteNeighbour(bytes, message.body)
            case MessageType.route: noteRoute(bytes, message.body)
            default: break
            }
        }
        return .goesOn
    }

    enum MessageType {
        static let error: UInt16 = 2
        static let done: UInt16 = 3
        static let link: UInt16 = 16
        static let address: UInt16 = 20
        static let route: UInt16 = 24
        static let neighbour: UInt16 = 28
    }

    private enum RouteKind {
        static let unicast: UInt8 = 1
        static let blackhole: UInt8 = 6
    }

    /// `struct ifinfomsg`, and what is behind it (linux/if_link.h).
    private mutating func noteLink(_ bytes: RawSpan, _ body: Range<Int>) {
        guard body.count >= 16 else { return }
        let number = bytes.native32(at: body.lowerBound + 4)
        // IFF_UP and IFF_RUNNING.
        let isUp = bytes.native32(at: body.lowerBound + 8) & 0x41 == 0x41
        var interface = Interface(name: "", mac: MACAddress(bits: 0), mtu: 0, isUp: isUp)
        var attributes = NetlinkAttributes(in: body.lowerBound + 16..<body.upperBound)
        while let (type, value) = attributes.next(of: bytes) {
            switch type {
            case 1 where value.count == 6: interface.mac = bytes.macAddress(at: value.lowerBound)
            case 3: interface.name = Self.text(bytes, value)
            case 4 where value.count == 4: interface.mtu = Int(bytes.native32(at: value.lowerBound))
            default: break
            }
        }
        interfaces[number] = interface
    }

    /// `struct ifaddrmsg`, and what is behind it (linux/if_addr.h).
    private mutating func noteAddress(_ bytes: RawSpan, _ body: Range<Int>) {
        guard body.count >= 8 else { return }
        let bitCount = Int(bytes.byte(at: body.lowerBound + 1))
        let number = bytes.native32(at: body.lowerBound + 4)
        var address: IPAddress?
        var attributes = NetlinkAttributes(in: body.lowerBound + 8..<body.upperBound)
        while let (type, value) = attributes.next(of: bytes) {
            // Of a point-to-point link the first is the other end, the second our own.
            if type == 2 || type == 1 && address == nil { address = Self.address(bytes, value) }
        }
        guard let address, let own = InterfaceAddress(address, bitCount: bitCount) else { return }
        addresses.append(Address(interface: number, address: own))
    }

    /// `struct ndmsg`, and what is behind it (linux/neighbour.h).
    private mutating func noteNeighbour(_ bytes: RawSpan, _ body: Range<Int>) {
        guard body.count >= 12 else { return }
        let number = bytes.native32(at: body.lowerBound + 4)
        // Reachable, stale, delay, probe and permanent; not incomplete, failed or without ARP.
        guard bytes.native16(at: body.lowerBound + 8) & 0x9E != 0 else { return }
        var address: IPAddress?
        var mac: MACAddress?
        var attributes = NetlinkAttributes(in: body.lowerBound + 12..<body.upperBound)
        while let (type, value) = attributes.next(of: bytes) {
            switch type {
            case 1: address = Self.address(bytes, value)
            case 2 where value.count == 6: mac = bytes.macAddress(at: value.lowerBound)
            default: break
            }
        }
        guard let address, let mac else { return }
        neighbours.append(Neighbour(interface: number, address: address, mac: mac))
    }

    /// `struct rtmsg`, and what is behind it (linux/rtnetlink.h).
    private mutating func noteRoute(_ bytes: RawSpan, _ body: Range<Int>) {
        guard body.count >= 12 else { return }
        let isV4 = bytes.byte(at: body.lowerBound) == 2
        let bitCount = Int(bytes.byte(at: body.lowerBound + 1))
        // The main table, and a route that leads on to somebody or nowhere.
        let kind = bytes.byte(at: body.lowerBound + 7)
        guard bytes.byte(at: body.lowerBound + 4) == 254, kind == RouteKind.unicast || kind == RouteKind.blackhole
        else {
            return
        }
        var destination = isV4 ? IPAddress(v4: 0) : IPAddress(v6: 0, 0)
        var hops = [Hop(flags: bytes.native32(at: body.lowerBound + 8))]
        var attributes = NetlinkAttributes(in: body.lowerBound + 12..<body.upperBound)
        while let (type, value) = attributes.next(of: bytes) {
            switch type {
            case 1: destination = Self.address(bytes, value) ?? destination
            case 9: hops += Self.hops(bytes, value)
            default: hops[0].note(bytes, type, value)
            }
        }
        guard let prefix = IPPrefix(destination, bitCount: bitCount) else { return }
        if kind == RouteKind.blackhole { return blackholes.append(prefix) }
        for hop in hops where !hop.isDead {
            guard let number = hop.interface else { continue }
            routes.append(Route(interface: number, destination: prefix, gateway: hop.gateway))
        }
    }

    /// The hops of a route with several: `struct rtnexthop`, each with attributes behind it.
    private static func hops(_ bytes: RawSpan, _ range: Range<Int>) -> [Hop] {
        var hops: [Hop] = []
        var position = range.lowerBound
        while position + 8 <= range.upperBound {
            let count = Int(bytes.native16(at: position))
            guard count >= 8, position + count <= range.upperBound else { break }
            var hop = Hop(flags: UInt32(bytes.byte(at: position + 2)))
            hop.interface = bytes.native32(at: position + 4)
            var attributes = NetlinkAttributes(in: position + 8..<position + count)
            while let (type, value) = attributes.next(of: bytes) { hop.note(bytes, type, value) }
            hops.append(hop)
            position += (count + 3) & ~3
        }
        return hops
    }

    /// Where a route leads, or one of its hops.
    private struct Hop {
        /// Whether the interface is gone or without a link: `RTNH_F_DEAD`, `RTNH_F_LINKDOWN`.
        let isDead: Bool
        var interface: UInt32?
        var gateway: IPAddress?

        init(flags: UInt32) {
            isDead = flags & 0x11 != 0
        }

        mutating func note(_ bytes: RawSpan, _ type: UInt16, _ value: Range<Int>) {
            switch type {
            case 4 where value.count == 4: interface = bytes.native32(at: value.lowerBound)
            case 5: gateway = HostNetwork.address(bytes, value)
            // `struct rtvia`: the family before the address, which is not the route's.
            case 18 where value.count > 2:
                gateway = HostNetwork.address(bytes, value.lowerBound + 2..<value.upperBound)
            default: break
            }
        }
    }

    fileprivate static func address(_ bytes: RawSpan, _ range: Range<Int>) -> IPAddress? {
        switch range.count {
        case 4: IPAddress(v4: bytes.bigEndian32(at: range.lowerBound))
        case 16: bytes.v6Address(at: range.lowerBound)
        default: nil
        }
    }

    /// Bytes up to the first 0.
    private static func text(_ bytes: RawSpan, _ range: Range<Int>) -> String {
        var characters: [UInt8] = []
        for offset in range {
            let byte = bytes.byte(at: offset)
            if byte == 0 { break }
            characters.append(byte)
        }
        return String(decoding: characters, as: UTF8.self)
    }
}
