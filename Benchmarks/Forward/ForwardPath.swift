import PacketForwarding

/// A way from the client to the backend that is measured.
enum ForwardPath: Hashable {
    /// This package's forwarder.
    case ours(ServiceMode)
    /// The plain forwarder in C that is named on the command line.
    case yardstick(ServiceMode)
    /// The kernel's own routing.
    case route
    /// The kernel's own translation, by nftables with connection tracking.
    case translation
    /// The kernel's own bridge.
    case bridge

    /// What the row is called.
    var name: String {
        switch self {
        case .ours(let mode): mode.rawValue
        case .yardstick(let mode): "C forwarder, \(mode.rawValue)"
        case .route: "kernel, ip_forward"
        case .translation: "kernel, nftables DNAT"
        case .bridge: "kernel, bridge"
        }
    }

    /// Whether answers go back through the balancer.
    var isTwoWay: Bool {
        switch self {
        case .ours(let mode), .yardstick(let mode): mode.isNAT
        case .route, .translation: true
        case .bridge: false
        }
    }

    /// Whether connections of real hosts can take it: the backend has no tunnel's end here.
    var carriesConnections: Bool {
        switch self {
        case .ours(let mode), .yardstick(let mode): !mode.isTunnel
        case .route, .translation: true
        case .bridge: false
        }
    }

    /// The last byte of the station that the client sends to.
    var station: Int { self == .bridge ? 0x0C : 0x0A }

    /// Whether a program forwards, not the kernel alone.
    var isProgram: Bool {
        switch self {
        case .ours, .yardstick: true
        case .route, .translation, .bridge: false
        }
    }

    /// The program and its arguments.
    func words(of program: String, yardstick: String?, workers: Int = 1, hasOffloads: Bool = false) -> [String] {
        switch self {
        case .ours(let mode):
            [program, "forward", "--part", "forward", "--mode", mode.rawValue, "--workers", "\(workers)"]
        case .yardstick(let mode):
            [
                yardstick ?? "", "fwd", "a=a0", "b=b0", "amac=02:00:00:00:00:0a", "bmac=02:00:00:00:00:0b",
                "cmac=02:00:00:00:00:01", "rmac=02:00:00:00:00:0c", "mode=\(mode.rawValue)",
            ] + (hasOffloads ? ["rx=v2", "vnet=1"] : [])
        case .route, .translation, .bridge: []
        }
    }

    /// What the shell does before it is measured.
    var setup: String {
        switch self {
        case .ours, .yardstick: ForwardLab.stealOn
        case .route:
            "ip netns exec $L sh -c 'echo 1 >/proc/sys/net/ipv4/ip_forward'; ip -n $L route add 10.99.0.1 via 10.99.2.10"
        case .translation:
            """
            ip netns exec $L sh -c 'echo 1 >/proc/sys/net/ipv4/ip_forward'
            ip netns exec $L nft 'table ip n { chain p { type nat hook prerouting priority -100; \
            ip daddr 10.99.0.1 dnat to 10.99.2.10; }; }'
            """
        case .bridge:
            """
            ip -n $L link add br0 type bridge; ip -n $L link set a0 master br0; ip -n $L link set b0 master br0
            ip -n $L link set br0 up; ip -n $L link set a0 promisc on
            """
        }
    }

    /// What the shell does afterwards.
    var teardown: String {
        switch self {
        case .ours, .yardstick: ForwardLab.stealOff
        case .route:
            "ip -n $L route del 10.99.0.1; ip netns exec $L sh -c 'echo 0 >/proc/sys/net/ipv4/ip_forward'"
        case .translation:
            "ip netns exec $L nft delete table ip n; ip netns exec $L sh -c 'echo 0 >/proc/sys/net/ipv4/ip_forward'"
        case .bridge:
            """
            ip -n $L link set a0 nomaster; ip -n $L link set b0 nomaster; ip -n $L link del br0
            ip -n $L link set a0 promisc off
            """
        }
    }
}
