import Foundation
import PacketForwarding

/// A balancer works for a long time at a moderate load: connections come and go without end, and nothing piles up.
struct SoakScenario: Sendable {
    let mode: ServiceMode
    /// How long flows may be idle: those whose ends nobody sees are forgotten soon, so that all have ended when the scenario has.
    ///
    /// Without the answers a late segment of a connection that has ended looks like one of a connection that goes on.
    private static func timeouts(_ soak: Duration) -> [String: Double] {
        let betweenExchanges = soak / .seconds(1) / Double(sampleCount)
        return ["tcpHandshake": 5, "tcpClosing": 5, "udp": 5, "tcpEstablished": max(20, 4 * betweenExchanges)]
    }

    func run(_ terms: Scenario.Terms) throws -> [Finding] {
        let timeouts = Self.timeouts(terms.soak)
        return try Stage.with(mode, adjust: { $0["timeouts"] = timeouts }) { stage in
            let balancer = stage.balancers[0]
            let held = try HeldConnections.open(terms.connections / 10, from: stage.lab.client, to: stage.address())
            let visitors = (0..<4).map { number in
                Visitors(from: stage.lab.client, to: [stage.address(.v4), stage.address(.v6)], seed: UInt64(number))
            }
            let start = ContinuousClock.now
            let interval = terms.soak / Double(Self.sampleCount)
            var samples: [ProcessSample] = []
            var silent = 0
            for number in 1...Self.sampleCount {
                try waitUntil(terms.soak, "time passes") { ContinuousClock.now - start >= interval * number }
                silent = max(silent, held.count - held.exchange().alive)
                samples.append(try ProcessSample.of(balancer.identifier))
                let visits = visitors.map(\.count).reduce(0, +)
                let flows = try balancer.metric("flows")
                terms.say(
                    "  \(number)/\(Self.sampleCount): \(visits) visits, \(Int(flows)) flows, \(samples[number - 1])")
                try disturb(stage, number)
            }
            let outcomes = try visitors.map { try $0.finish() }
            held.close()
            let isEmpty = Finding.succeeds("every flow ends") {
                let longest = timeouts.values.max() ?? 0
                try waitUntil(.seconds(longest + 30), "the last flow ends") { try balancer.metric("flows") == 0 }
                return ""
            }
            return [
                Finding(
                    "no visit fails", outcomes.allSatisfy { $0.failures.isEmpty },
                    "\(outcomes.map(\.visits).reduce(0, +)) visits "
                        + outcomes.flatMap(\.failures).joined(separator: ", ")),
                Finding("no connection is lost that was there all the time", silent == 0, "\(silent) of \(held.count)"),
                isEmpty,
            ] + Self.findings(of: samples) + (try Self.findings(of: balancer, outcomes))
        }
    }

    private static let sampleCount = 20

    /// What happens to balancers on any day: a reload, a backend that drains and comes back, and strangers' SYNs.
    private func disturb(_ stage: Stage, _ number: Int) throws {
        let balancer = stage.balancers[0]
        let backend = stage.lab.backends[0].name
        switch number % 4 {
        case 0: try balancer.ask("reload")
        case 1: try balancer.ask("drain", stage.service, backend)
        case 2: try balancer.ask("up", stage.service, backend)
        default:
            guard let address = IPAddress(stage.address()) else { throw LabError("no address: \(stage.address())") }
            _ = try Flood.send(1_000, .syn, from: stage.lab.client, router: stage.lab.router, to: address)
        }
    }

    /// A process that is warm after a quarter of the time uses as much at the end as then.
    private static func findings(of samples: [ProcessSample]) -> [Finding] {
        let (warm, last) = (samples[samples.count / 4 - 1], samples[samples.count - 1])
        return [
            Finding(
                "memory is flat", last.residentBytes <= warm.residentBytes + 2 << 20, "\(warm), then \(last)"),
            Finding("nothing stays open", last.descriptors <= warm.descriptors && last.threads <= warm.threads),
        ]
    }

    /// What the balancer counted is what happened.
    private static func findings(of balancer: Balancer, _ outcomes: [Visitors.Outcome]) throws -> [Finding] {
        let (opened, ended) = (
            try balancer.metric("flows_opened_total"),
            try ["expired", "evicted", "replaced", "failed"].map { try balancer.metric("flows_\($0)_total") }
                .reduce(0, +)
        )
        let received = try balancer.metric("received_packets_total")
        let parts = try ["sent", "passed", "dropped"].map { try balancer.metric("\($0)_packets_total") }
        let lost = try ["kernel_drops", "send_failures"].map { try balancer.metric("link_\($0)_total") }
        let connections = outcomes.map(\.connections).reduce(0, +)
        return [
            Finding("every flow that was opened has ended", opened == ended, "\(Int(opened)) and \(Int(ended))"),
            Finding("every connection was a flow", Int(opened) >= connections, "\(connections) connections"),
            Finding(
                "every packet was sent, left to the host or dropped with a reason", received == parts.reduce(0, +),
                "\(Int(received)) packets, of which \(Int(parts[2])) were dropped"),
            Finding("every port of full NAT is free", try balancer.metric("source_ports_used") == 0),
            Finding(
                "no packet was lost by a ring or by sending", lost.reduce(0, +) == 0,
                "\(Int(lost[0])) by rings, \(Int(lost[1])) by sending"),
        ]
    }
}
