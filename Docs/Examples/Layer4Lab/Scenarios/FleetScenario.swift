import PacketForwarding

/// Two balancers behind a router with two equal paths: one leaves, and later a backend drains.
struct FleetScenario: Sendable {
    let mode: ServiceMode

    func run(_ terms: Scenario.Terms) throws -> [Finding] {
        try Stage.with(
            mode, balancers: 2, backends: 3, settings: { _ in ["leaving": ["drainSeconds": 2]] },
            { stage in
                let held = try HeldConnections.open(terms.connections / 5, from: stage.lab.client, to: stage.addresses)
                guard held.exchange().alive == held.count else { throw LabError("connections do not even begin well") }
                let shares = try stage.balancers.map { try $0.metric("flows_opened_total") }
                terms.say("  flows of the balancers: \(shares)")
                // What a withdrawn route does: the router sends all flows to the other one, and this one waits and leaves.
                try stage.lab.route(through: [1])
                _ = try stage.balancers[0].leave()
                let after = held.exchange()
                terms.say("  one balancer has left: \(after.alive) of \(held.count) connections go on")
                let leaver = stage.lab.backends[0].name
                for service in stage.services { try stage.balancers[1].ask("drain", service, leaver) }
                let drained = held.exchange()
                let newcomers = try HeldConnections.open(100, from: stage.lab.client, to: stage.addresses)
                return [
                    Finding("both balancers have flows", shares.allSatisfy { $0 > 0 }, "\(shares)"),
                    Finding(
                        "no connection is lost when one balancer leaves", after.alive == held.count,
                        "\(after.alive) of \(held.count)"),
                    Finding(
                        "nor when a backend drains later", drained.alive == held.count,
                        "\(drained.alive) of \(held.count)"),
                    Finding(
                        "new connections go to the other backends", newcomers.counts[leaver] == nil,
                        "\(newcomers.counts)"),
                ]
            })
    }
}
