import PacketForwarding

/// The backends are behind a router with a link that is smaller than the balancer's own: what the router says of it reaches
/// the client, as the balancer passes it on with NAT, and learns it where it is the sender of tunnels.
struct RoutedScenario: Sendable {
    let mode: ServiceMode

    private static let mtu = 1_420

    func run(_ terms: Scenario.Terms) throws -> [Finding] {
        try Stage.with(mode, links: LabLinks(far: Self.mtu)) { stage in
            [IPVersion.v4, .v6].map { version in
                let mtu = Self.mtu - overhead(version)
                return Finding.succeeds("IP\(version.text): the client learns from a router that \(mtu) bytes fit") {
                    let address = stage.address(version)
                    let server = try stage.lab.client.inside {
                        try Transfer.exchange(1_000_000, to: address, seed: 1)
                    }
                    try stage.lab.client.expectMTU(mtu, toward: address)
                    return "1 MB by \(server)"
                }
            }
        }
    }

    /// Bytes of the outer headers.
    private func overhead(_ version: IPVersion) -> Int {
        let outer = version == .v4 ? 20 : 40
        return switch mode {
        case .nat, .fullNAT, .dsr: 0
        case .ipip: outer
        case .gre: outer + 4
        case .gue: outer + 8
        }
    }
}

extension LabHost {
    /// - Throws: ``LabError`` if the kernel has not learnt that so much, and no more, fits on the way to an address.
    func expectMTU(_ mtu: Int, toward address: String) throws {
        let route = try run(Self.ip, ["route", "get", address])
        guard (route + " ").contains("mtu \(mtu) ") else { throw LabError("\(name): no mtu \(mtu) in \(route)") }
    }
}
