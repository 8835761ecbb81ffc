import PacketForwarding

/// The balancer is restarted under load.
struct RestartScenario: Sendable {
    let mode: ServiceMode

    func run(_ terms: Scenario.Terms) throws -> [Finding] {
        // DSR and tunnels choose alike again; what NAT has translated has to be remembered.
        try Stage.with(mode, settings: { mode.isNAT ? ["flowMemory": "\($0.folder)/flows"] : [:] }) { stage in
            let held = try HeldConnections.open(terms.connections / 5, from: stage.lab.client, to: stage.addresses)
            guard held.exchange().alive == held.count else { throw LabError("connections do not even begin well") }
            let transfers = (0..<4).map { seed in
                Transfer(from: stage.lab.client, to: stage.addresses[seed % 2], seed: UInt64(seed))
            }
            try waitUntil(.seconds(30), "transfers begin") { transfers.allSatisfy { $0.byteCount > 0 } }
            terms.say("  \(held.count) connections and \(transfers.count) transfers; the balancer is restarted")
            try stage.balancers[0].restart()
            let before = transfers.map(\.byteCount)
            let transferring = Finding.succeeds("transfers go on, and no byte is changed") {
                try waitUntil(.seconds(30), "transfers go on") {
                    zip(transfers, before).allSatisfy { $0.byteCount > $1 + 16_384 }
                }
                return "\(try transfers.map { try $0.finish() }.reduce(0, +) / 1_000_000) MB"
            }
            let after = held.exchange()
            return [
                transferring,
                Finding("no connection is lost", after.alive == held.count, "\(after.alive) of \(held.count)"),
            ]
        }
    }
}
