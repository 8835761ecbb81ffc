import Foundation

/// A client, a balancer and a backend in network namespaces, for as long as the value is used.
///
///     client c0 10.99.1.2 ---- a0 10.99.1.1  balancer  b0 10.99.2.1 ---- e0 10.99.2.10 backend (service's address on lo)
///     client d0 10.99.3.1 -------------------------------------------- d1 10.99.3.2   (answers that go directly)
///
/// The backend drops the flood where it comes in, and so does the balancer's own stack, behind the forwarder.
final class ForwardLab {
    enum Host: String, CaseIterable {
        case client = "c"
        case balancer = "l"
        case backend = "b"
    }

    static let service = "10.99.0.1"
    static let port = 5_201
    private let name = "bench\(getpid())"

    init() throws {
        do {
            try Shell.run(lines(Self.layout))
        } catch {
            remove()
            throw error
        }
    }

    /// The text with the names of the namespaces in the place of $C, $L and $B.
    private func lines(_ text: String) -> String {
        var text = text
        for (word, host) in [("$C", Host.client), ("$L", .balancer), ("$B", .backend)] {
            text = text.replacingOccurrences(of: word, with: namespace(host))
        }
        return text
    }

    func namespace(_ host: Host) -> String { "\(name)-\(host.rawValue)" }

    /// Removes all of it.
    func remove() {
        for host in Host.allCases { _ = try? Shell.run("ip netns del \(namespace(host))") }
    }

    /// Runs lines of the shell, in which $C, $L and $B are the namespaces; gives what they print.
    @discardableResult
    func run(_ text: String) throws -> String { try Shell.run(lines(text)) }

    /// Frames that came to the backend.
    var received: Int {
        get throws {
            let text = try run("ip netns exec $B cat /sys/class/net/e0/statistics/rx_packets")
            return Int(text.trimmingCharacters(in: .whitespacesAndNewlines)) ?? 0
        }
    }

    /// Which core handles what comes in on the balancer's interface, if not that of the sender; for the kernel's own ways.
    func steer(to mask: Int) throws {
        try run("ip netns exec $L sh -c 'echo \(mask) > /sys/class/net/a0/queues/rx-0/rps_cpus'")
    }

    private static let layout = """
        set -e
        for n in $C $L $B; do
            ip netns add $n; ip -n $n link set lo up
            ip netns exec $n sh -c 'echo 0 >/proc/sys/net/ipv4/ip_forward
                for i in all default; do echo 0 >/proc/sys/net/ipv4/conf/$i/rp_filter
                echo 1 >/proc/sys/net/ipv6/conf/$i/disable_ipv6; done'
        done
        ip -n $C link add c0 address 02:00:00:00:00:01 type veth peer name a0 address 02:00:00:00:00:0a netns $L
        ip -n $L link add b0 address 02:00:00:00:00:0b type veth peer name e0 address 02:00:00:00:00:0c netns $B
        ip -n $C link add d0 address 02:00:00:00:00:0d type veth peer name d1 address 02:00:00:00:00:0e netns $B
        ip -n $C addr add 10.99.1.2/24 dev c0; ip -n $L addr add 10.99.1.1/24 dev a0
        ip -n $L addr add 10.99.2.1/24 dev b0; ip -n $B addr add 10.99.2.10/24 dev e0
        ip -n $C addr add 10.99.3.1/24 dev d0; ip -n $B addr add 10.99.3.2/24 dev d1
        ip -n $B addr add 10.99.0.1/32 dev lo
        for l in "$C c0" "$C d0" "$L a0" "$L b0" "$B e0" "$B d1"; do ip -n ${l% *} link set ${l#* } up; done
        ip -n $C neigh add 10.99.1.1 lladdr 02:00:00:00:00:0a dev c0
        ip -n $L neigh add 10.99.1.2 lladdr 02:00:00:00:00:01 dev a0
        ip -n $L neigh add 10.99.2.10 lladdr 02:00:00:00:00:0c dev b0
        ip -n $B neigh add 10.99.2.1 lladdr 02:00:00:00:00:0b dev e0
        ip -n $B neigh add 10.99.3.1 lladdr 02:00:00:00:00:0d dev d1
        ip -n $C neigh add 10.99.3.2 lladdr 02:00:00:00:00:0e dev d0
        ip -n $C route add 10.99.0.1 via 10.99.1.1
        """

    /// Has the backend drop the flood, which is counted before.
    static let sinkOn = """
        ip netns exec $B nft 'table netdev sink { chain i { type filter hook ingress device "e0" priority 0; \
        ip saddr 10.99.128.0/17 drop; ip protocol 4 drop; }; }'
        """
    static let sinkOff = "ip netns exec $B nft delete table netdev sink"
    /// Has the balancer's own stack see nothing of what is forwarded.
    static let stealOn = """
        ip netns exec $L nft 'table netdev steal { chain i { type filter hook ingress devices = { a0, b0 } priority 0; \
        ip protocol { tcp, udp } drop; }; }'
        """
    static let stealOff = "ip netns exec $L nft delete table netdev steal"
}

/// Other programs.
enum Shell {
    /// Runs lines of the shell, and gives what they print.
    @discardableResult
    static func run(_ lines: String) throws -> String {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/bin/sh")
        process.arguments = ["-c", lines]
        let output = Pipe()
        let complaint = Pipe()
        process.standardOutput = output
        process.standardError = complaint
        try process.run()
        let text = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        let words = String(decoding: complaint.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
        process.waitUntilExit()
        guard process.terminationStatus == 0 else {
            let line = lines.split(separator: "\n").last.map(String.init) ?? lines
            throw CommandFailure(message: "\(line): \(words.isEmpty ? "failed" : words)", code: 1)
        }
        return text
    }
}
