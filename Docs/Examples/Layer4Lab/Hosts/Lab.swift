import Foundation
import PacketForwarding
import Synchronization

/// A network of hosts on this machine, with balancers between clients and servers.
///
///     client  c0 .1.2 --- .1.1 router  .2.1 [front] f0 .2.11  balancers  k0 .3.11 [back] e0 .3.101  backends
///                                      .3.1 [back]      .2.12               .3.12          .3.102 …
///
/// in 10.8.0.0/16 and fd08::/16 alike. Services have addresses in 10.8.0.0/24, which the router sends to the balancers, each
/// flow to one of them. Backends answer clients by the router, and with NAT by the first balancer. If they are to be farther
/// away, they are at .4.101 … behind a router of their own, which is i0 .3.50 on the back link. Nothing outside of the hosts is
/// touched, and everything is removed when the lab ends.
final class Lab: Sendable {
    private static let numbers = Atomic(0)

    let name: String
    /// Files of the lab.
    let folder: String
    let client: LabHost
    let router: LabHost
    let balancers: [LabHost]
    let backends: [LabHost]
    /// The router before the backends, if they are farther away.
    let inner: LabHost?
    private let links: LabLinks

    /// The number of the backends' net.
    var backendNet: Int { inner == nil ? 3 : 4 }

    private var hosts: [LabHost] { [client, router] + [inner].compactMap(\.self) + balancers + backends }

    /// Why there can be no lab here; `nil` if there can.
    static var obstacle: String? {
        guard geteuid() == 0 else { return "be root: labs are made of network namespaces" }
        guard FileManager.default.fileExists(atPath: LabHost.ip) else {
            return "labs need ip: apt-get install -y iproute2"
        }
        guard FileManager.default.isExecutableFile(atPath: Balancer.path) else {
            return "there is no Layer4Balancer beside this program: build it as this was built, by `swift build`"
        }
        return nil
    }

    /// Builds the hosts.
    ///
    /// - Parameters:
    ///   - balancers: how many.
    ///   - backends: how many.
    ///   - links: what fits through them, and how far away the backends are.
    ///   - answersByBalancer: whether backends answer clients through the first balancer, as NAT needs it.
    /// - Throws: ``LabError`` if they cannot be built.
    init(balancers: Int = 1, backends: Int = 2, links: LabLinks = LabLinks(), answersByBalancer: Bool = false) throws {
        if let obstacle = Self.obstacle { throw LabError(obstacle) }
        Descriptors.raiseLimit()
        let number = Self.numbers.wrappingAdd(1, ordering: .relaxed).newValue
        let name = "l4lab\(getpid())-\(number)"
        folder = "/tmp/\(name)"
        self.name = name
        self.links = links
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        Leftovers.add(folder: folder)
        client = try LabHost("client", of: name)
        router = try LabHost("router", of: name)
        inner = try links.far.map { _ in try LabHost("inner", of: name) }
        self.balancers = try (0..<balancers).map { try LabHost("balancer\($0 + 1)", of: name) }
        self.backends = try (0..<backends).map { try LabHost("backend\($0 + 1)", of: name) }
        do {
            try build(answersByBalancer: answersByBalancer)
        } catch {
            remove()
            throw error
        }
    }

    private func build(answersByBalancer: Bool) throws {
        for host in hosts {
            try host.set([
                "ipv4/conf/all/rp_filter": "0", "ipv4/conf/default/rp_filter": "0",
                "ipv4/conf/all/arp_ignore": "1", "ipv4/conf/all/arp_announce": "2",
                "ipv6/conf/default/accept_dad": "0", "ipv6/conf/default/accept_ra": "0",
            ])
        }
        try router.set([
            "ipv4/ip_forward": "1", "ipv6/conf/all/forwarding": "1", "ipv4/fib_multipath_hash_policy": "1",
            "ipv6/fib_multipath_hash_policy": "1",
        ])
        try addBridge("front", 2, 1_500, to: router)
        try addBridge("back", 3, links.back, to: router)
        try router.configure([
            "link add c1 mtu \(links.client) type veth peer name c0 mtu \(links.client) netns \(client.namespace)",
            "addr add 10.8.1.1/24 dev c1", "addr add fd08:1::1/64 dev c1 nodad", "link set c1 up",
        ])
        try client.configure(
            ["addr add 10.8.1.2/24 dev c0", "addr add fd08:1::2/64 dev c0 nodad", "link set c0 up"]
                + Self.defaultRoutes(net: 1, number: 1))
        let gateway = answersByBalancer ? 11 : 1
        if let inner, let mtu = links.far {
            try inner.set(["ipv4/ip_forward": "1", "ipv6/conf/all/forwarding": "1"])
            try connect(inner, "i0", "back", 3, 50, links.back)
            try addBridge("far", 4, mtu, to: inner)
            try inner.configure(Self.defaultRoutes(net: 3, number: gateway))
        }
        for (place, balancer) in balancers.enumerated() {
            try connect(balancer, "f0", "front", 2, 11 + place, 1_500)
            try connect(balancer, "k0", "back", 3, 11 + place, links.back)
            try balancer.configure([
                "route add default via 10.8.2.1", "route add default via fd08:2::1",
                // Where IPv6 has no way on, a host says so to the sender, also one that does not forward.
                "route add blackhole fd08::/64",
            ])
            if inner != nil { try balancer.configure(Self.farRoutes) }
        }
        for (place, backend) in backends.enumerated() {
            if let inner, let mtu = links.far {
                try connect(backend, "e0", "far", 4, 101 + place, mtu, to: inner)
            } else {
                try connect(backend, "e0", "back", 3, 101 + place, links.back)
            }
            try backend.configure(
                Self.defaultRoutes(net: backendNet, number: inner == nil ? gateway : 1)
                    + LabService.all.flatMap { service in
                        ["addr add \(service.v4)/32 dev lo", "addr add \(service.v6)/128 dev lo nodad"]
                    })
        }
        try route(through: Array(balancers.indices))
        try waitUntil(.seconds(30), "links are up") {
            try [client].allSatisfy { host in
                try host.inside { (try? LabSocket.connect("fd08:3::1", 9, isStream: false)) != nil }
            }
        }
    }

    /// Routes to a gateway, with segments that are announced as large as if all links were ordinary: who finds out that one
    /// is smaller is who sends through it.
    private static func defaultRoutes(net: Int, number: Int) -> [String] {
        [
            "route add default via 10.8.\(net).\(number) advmss 1460",
            "route add default via fd08:\(net)::\(number) advmss 1440",
        ]
    }

    private static let farRoutes = ["route add 10.8.4.0/24 via 10.8.3.50", "route add fd08:4::/64 via fd08:3::50"]

    private func addBridge(_ bridge: String, _ net: Int, _ mtu: Int, to host: LabHost) throws {
        try host.configure([
            "link add \(bridge) type bridge", "link set \(bridge) mtu \(mtu) up",
            "addr add 10.8.\(net).1/24 dev \(bridge)", "addr add fd08:\(net)::1/64 dev \(bridge) nodad",
        ])
    }

    /// Connects a host to a bridge of the router, or of another one.
    private func connect(
        _ host: LabHost, _ device: String, _ bridge: String, _ net: Int, _ number: Int, _ mtu: Int,
        to other: LabHost? = nil
    ) throws {
        let port = "\(device)\(net)-\(number)"
        let station = "02:08:00:00:0\(net):\(String(0x100 + number, radix: 16).suffix(2))"
        try (other ?? router).configure([
            "link add \(port) mtu \(mtu) type veth peer name \(device) address \(station) mtu \(mtu) "
                + "netns \(host.namespace)",
            "link set \(port) master \(bridge) up",
        ])
        try host.configure([
            "addr add 10.8.\(net).\(number)/24 dev \(device)",
            "addr add fd08:\(net)::\(number)/64 dev \(device) nodad", "link set \(device) up",
        ])
    }

    /// Takes an interface away from a host.
    func disconnect(_ host: LabHost, _ device: String) throws {
        try host.configure(["link del \(device)"])
    }

    /// Gives a balancer its interface toward the backends again, with the same addresses.
    func connectBack(ofBalancer place: Int) throws {
        try connect(balancers[place], "k0", "back", 3, 11 + place, links.back)
        if inner != nil { try balancers[place].configure(Self.farRoutes) }
    }

    /// Has the router send services' packets to these balancers, each flow to one of them.
    func route(through balancers: [Int]) throws {
        let hops4 = balancers.map { "nexthop via 10.8.2.\(11 + $0)" }.joined(separator: " ")
        let hops6 = balancers.map { "nexthop via fd08:2::\(11 + $0)" }.joined(separator: " ")
        try router.configure([
            "route replace 10.8.0.0/24 \(hops4)", "route replace fd08::/64 \(hops6)",
        ])
    }

    /// Removes all of it.
    func remove() {
        for host in hosts { host.remove() }
        Leftovers.remove(folder: folder)
    }
}
