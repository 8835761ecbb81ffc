import Glibc
import PacketForwarding

/// Routers and hosts on the way say by ICMP that something does not fit, or that nobody listens: whoever sent it is to know.
struct ErrorScenario: Sendable {
    let mode: ServiceMode

    private static let mtu = 1_300

    func run(_ terms: Scenario.Terms) throws -> [Finding] {
        try Stage.with(mode, links: LabLinks(client: Self.mtu)) { stage in
            [IPVersion.v4, .v6].flatMap { version in [tooBig(stage, version), closedPort(stage, version)] }
        }
    }

    /// The link of the client is smaller than its segments that are announced: the router says so of the backend's answers, to
    /// the address that these come from.
    private func tooBig(_ stage: Stage, _ version: IPVersion) -> Finding {
        Finding.succeeds("IP\(version.text): a backend is told that \(Self.mtu) bytes fit on the way to a client") {
            let address = stage.address(version)
            let name = try stage.lab.client.inside { try Transfer.exchange(500_000, to: address, seed: 1) }
            let server = stage.lab.backends.first { $0.name == name }
            try server?.expectMTU(Self.mtu, toward: sender(stage, version))
            return "500 KB by \(name)"
        }
    }

    /// Who backends think that their client is.
    private func sender(_ stage: Stage, _ version: IPVersion) -> String {
        guard mode == .fullNAT else { return version == .v4 ? "10.8.1.2" : "fd08:1::2" }
        return LabConfiguration.fullNATSource(version, balancer: 0)
    }

    /// A backend where nobody takes the datagram says so: with NAT by way of the balancer.
    private func closedPort(_ stage: Stage, _ version: IPVersion) -> Finding {
        Finding.succeeds("IP\(version.text): a client is told that nobody listens") {
            let address = stage.address(version)
            let refusal = unsafe String(cString: strerror(ECONNREFUSED))
            return try stage.lab.client.inside {
                let socket = try LabSocket.connect(address, LabConfiguration.closedPort, isStream: false, patience: 1)
                var answer = "nothing"
                // Hosts do not answer each time.
                for _ in 0..<30 where !answer.hasSuffix(refusal) {
                    do throws(LabError) {
                        try socket.send([0])
                        _ = try socket.receive(1)
                    } catch {
                        answer = error.description
                    }
                }
                guard answer.hasSuffix(refusal) else { throw LabError(answer) }
                return answer
            }
        }
    }
}
