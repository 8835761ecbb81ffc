import PacketForwarding

/// A backend's link goes down under open connections: health checks see it, and its clients are told at once.
struct BackendDownScenario: Sendable {
    let mode: ServiceMode

    func run(_ terms: Scenario.Terms) throws -> [Finding] {
        try Stage.with(
            mode, backends: 4,
            adjust: { service in
                guard service["protocol"] as? String == "tcp" else { return }
                service["resetOnFailure"] = true
                service["health"] =
                    ["probe": "icmp", "interval": 0.2, "fastInterval": 0.1, "timeout": 0.5, "fall": 3] as [String: Any]
            },
            { stage in
                let lost = stage.lab.backends[0]
                let held = try HeldConnections.open(terms.connections, from: stage.lab.client, to: stage.addresses)
                guard held.exchange().alive == held.count else { throw LabError("connections do not even begin well") }
                let mine = held.those(to: lost.name)
                let others = held.those(to: lost.name, false)
                terms.say("  connections: \(held.counts)")
                try lost.configure(["link set e0 down"])
                try waitUntil(.seconds(30), "the balancer sees that \(lost.name) is down") {
                    let lines = try stage.balancers[0].ask("list").split(separator: "\n")
                    return stage.services.allSatisfy { service in
                        lines.contains { $0.contains(service) && $0.contains(lost.name) && $0.contains("down") }
                    }
                }
                // A failure is believed a second later, when no others have failed with it; at most a thousand answers a second.
                let ended = mine.awaitEnd(within: .seconds(30))
                let after = others.exchange()
                let newcomers = try HeldConnections.open(100, from: stage.lab.client, to: stage.addresses)
                return [
                    Finding("clients of the lost backend are reset once it is known", ended.areAll, "\(ended)"),
                    Finding(
                        "only its own connections are lost", after.alive == others.count,
                        "\(after.alive) of \(others.count)"),
                    Finding(
                        "new connections go to the others", newcomers.counts[lost.name] == nil, "\(newcomers.counts)"),
                ]
            })
    }
}
