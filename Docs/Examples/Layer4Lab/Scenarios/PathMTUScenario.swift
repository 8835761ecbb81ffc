import PacketForwarding

/// The links of the backends are too small for full packets in tunnels: clients are told, and adapt.
struct PathMTUScenario: Sendable {
    let mode: ServiceMode

    func run(_ terms: Scenario.Terms) throws -> [Finding] {
        try Stage.with(mode, links: LabLinks(back: 1_420)) { stage in
            let client = stage.lab.client
            var findings = [IPVersion.v4, .v6].map { version in
                let address = stage.address(version)
                return Finding.succeeds(
                    "IP\(version.text): a client that sends full packets is told how small the way is"
                ) {
                    _ = try client.inside { try Transfer.exchange(2_000_000, to: address, seed: 1) }
                    return "2 MB"
                }
            }
            let tooBig = try stage.balancers[0].metric(#"dropped_packets_total{reason="too-big"}"#)
            findings.append(Finding("the balancer has seen packets that do not fit", tooBig > 0, "\(Int(tooBig))"))
            return findings
        }
    }
}
