import PacketForwarding

/// Somebody floods a service while others use it.
struct FloodScenario: Sendable {
    let kind: Flood.Kind

    func run(_ terms: Scenario.Terms) throws -> [Finding] {
        try Stage.with(
            .nat,
            adjust: { service in
                // Room for those who are established is kept.
                if service["protocol"] as? String == "tcp" { service["halfOpen"] = 16_384 }
            },
            { stage in
                let client = stage.lab.client
                let held = try HeldConnections.open(terms.connections / 10, from: client, to: stage.address())
                let transfers = (0..<2).map { Transfer(from: client, to: stage.address(), seed: UInt64($0)) }
                try waitUntil(.seconds(30), "transfers begin") { transfers.allSatisfy { $0.byteCount > 0 } }
                guard let address = IPAddress(stage.address()) else { throw LabError("no address") }
                terms.say("  \(terms.packets) packets")
                let before = transfers.map(\.byteCount)
                let sent = try Flood.send(
                    terms.packets, kind, from: client, router: stage.lab.router, to: address)
                let received = try stage.balancers[0].metric("received_packets_total")
                let halfOpen = try stage.balancers[0].metric(#"flows{state="half-open"}"#)
                let transferring = Finding.succeeds("transfers go on, and no byte is changed") {
                    try waitUntil(.seconds(60), "transfers go on") {
                        zip(transfers, before).allSatisfy { $0.byteCount > $1 + 16_384 }
                    }
                    return "\(try transfers.map { try $0.finish() }.reduce(0, +) / 1_000_000) MB"
                }
                let after = held.exchange(within: .seconds(60))
                let newcomer = Finding.succeeds("a new client is served afterwards") {
                    try client.inside { [address = stage.address()] in
                        try Transfer.exchange(10_000, to: address, seed: 1)
                    }
                }
                return [
                    // What the balancer's rings have no room for is lost, which is no fault of its.
                    Finding(
                        "the flood was sent, and came", Int(sent) >= terms.packets && received > 0,
                        "\(sent) sent, \(Int(received)) came"),
                    transferring,
                    Finding("no connection is lost", after.alive == held.count, "\(after.alive) of \(held.count)"),
                    Finding("half-open flows are bounded", halfOpen <= 16_384, "\(Int(halfOpen))"), newcomer,
                    Finding("the balancer runs", stage.balancers[0].isRunning),
                ]
            })
    }
}
