import PacketForwarding

/// A backend drains while clients hold connections to it, and new ones come.
struct DrainScenario: Sendable {
    let mode: ServiceMode

    func run(_ terms: Scenario.Terms) throws -> [Finding] {
        try Stage.with(mode, backends: 3) { stage in
            let leaver = stage.lab.backends[0].name
            let held = try HeldConnections.open(terms.connections / 5, from: stage.lab.client, to: stage.addresses)
            terms.say("  connections: \(held.counts)")
            for service in stage.services { try stage.balancers[0].ask("drain", service, leaver) }
            let during = held.exchange()
            let newcomers = try HeldConnections.open(
                terms.connections / 10, from: stage.lab.client, to: stage.addresses)
            terms.say("  connections after it began to drain: \(newcomers.counts)")
            let isOver = stage.services.contains { service in
                (try? stage.balancers[0].ask("drain", service, leaver, "--wait", "0.3")) != nil
            }
            held.those(to: leaver).close()
            let hasDrained = Finding.succeeds("the drain is over when the last of its connections is") {
                try stage.services.map { try stage.balancers[0].ask("drain", $0, leaver, "--wait", "30") }.joined()
            }
            let others = held.those(to: leaver, false)
            let after = others.exchange()
            return [
                Finding(
                    "no connection is lost while a backend drains", during.alive == held.count,
                    "\(during.alive) of \(held.count)"),
                Finding(
                    "new connections go to the others", newcomers.counts[leaver] == nil, "\(newcomers.counts)"),
                Finding("the drain waits for connections that are there", !isOver),
                hasDrained,
                Finding(
                    "the others' connections go on", after.alive == others.count, "\(after.alive) of \(others.count)"),
            ]
        }
    }
}
