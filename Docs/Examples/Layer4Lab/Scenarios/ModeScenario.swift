import PacketForwarding

/// Clients and servers of one mode and one IP version, on a good day.
struct ModeScenario: Sendable {
    let mode: ServiceMode
    let version: IPVersion

    func run(_ terms: Scenario.Terms) throws -> [Finding] {
        try Stage.with(mode) { stage in
            let address = stage.address(version)
            let client = stage.lab.client
            let spread = Finding.succeeds("every backend serves clients, and all bytes come back") {
                var served: [String: Int] = [:]
                for seed in 0..<40 {
                    let server = try client.inside { try Transfer.exchange(2_000, to: address, seed: UInt64(seed)) }
                    served[server, default: 0] += 1
                }
                guard served.count == stage.lab.backends.count else { throw LabError("only \(served) served") }
                return served.sorted { $0.key < $1.key }.map { "\($0.key): \($0.value)" }.joined(separator: ", ")
            }
            terms.say("  " + spread.seen)
            let large = Finding.succeeds("large transfers side by side come back unchanged") {
                let transfers = (0..<4).map { seed in
                    client.begin { try Transfer.exchange(5_000_000, to: address, seed: UInt64(seed)) }
                }
                for transfer in transfers { _ = try transfer.wait() }
                return "4 × 5 MB"
            }
            let datagrams = Finding.succeeds("datagrams come back, also in fragments") {
                for byteCount in [1, 1_400, 4_000, 20_000] {
                    try client.inside { try Transfer.echo(byteCount, to: address, seed: 7) }
                }
                return "up to 20 KB"
            }
            return [spread, large, datagrams]
        }
    }
}
