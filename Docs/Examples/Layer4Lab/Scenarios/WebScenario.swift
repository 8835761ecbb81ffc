import Foundation
import PacketForwarding

/// Programs that everybody knows, through the balancer: nginx serves, curl fetches, iperf3 measures.
struct WebScenario: Sendable {
    let mode: ServiceMode

    func run(_ terms: Scenario.Terms) throws -> [Finding] {
        guard WebServer.missing.isEmpty else { throw LabError(WebServer.remedy) }
        return try Stage.with(mode) { stage in
            let large = "\(stage.lab.folder)/large"
            var payload = Payload(seed: 1)
            try Data(payload.next(terms.megabytes * 1_000_000)).write(to: URL(filePath: large))
            let servers = try stage.lab.backends.map { try WebServer($0, stage.lab.folder) }
            defer { for server in servers { server.end() } }
            return try [IPVersion.v4, .v6].flatMap { version in
                try findings(stage, version, large, terms)
            }
        }
    }

    private func findings(
        _ stage: Stage, _ version: IPVersion, _ large: String, _ terms: Scenario.Terms
    ) throws -> [Finding] {
        let address = stage.address(version)
        let site = "http://" + (version == .v4 ? address : "[\(address)]")
        let client = stage.lab.client
        guard let curl = WebServer.path(of: "curl"), let iperf = WebServer.path(of: "iperf3") else { return [] }
        let pages = Finding.succeeds("IP\(version.text): curl gets pages of every nginx") {
            var served: [String: Int] = [:]
            try waitUntil(.seconds(30), "every nginx serves") {
                let page = try? client.run(curl, ["-s", "-f", "-m", "5", "\(site)/"])
                if let page { served[page.filter { $0 != "\n" }, default: 0] += 1 }
                return served.count == stage.lab.backends.count
            }
            return "\(served.keys.sorted().joined(separator: ", "))"
        }
        let files = Finding.succeeds("IP\(version.text): curl gets large files side by side, unchanged") {
            let start = ContinuousClock.now
            let programs = try (0..<4).map { number in
                try client.start(curl, ["-s", "-f", "-m", "60", "-o", "\(large).\(number)", "\(site)/large"])
            }
            for (number, program) in programs.enumerated() {
                let outcome = try program.wait()
                guard outcome.status == 0 else { throw LabError("curl: status \(outcome.status)") }
                try Program.run("/usr/bin/cmp", [large, "\(large).\(number)"])
                try FileManager.default.removeItem(atPath: "\(large).\(number)")
            }
            let seconds = (ContinuousClock.now - start) / .seconds(1)
            return "4 × \(terms.megabytes) MB in \((seconds * 10).rounded() / 10) s"
        }
        terms.say("  " + files.seen)
        let speed = Finding.succeeds("IP\(version.text): iperf3 runs") {
            let servers = try stage.lab.backends.map { try $0.start(iperf, ["-s"]) }
            defer { for server in servers { server.end() } }
            // Its control connection and its data have to be at one server: each backend in turn is the only one.
            let name = "\(mode.rawValue)-\(version.text)-tcp-5201"
            try stage.balancers[0].ask("drain", name, stage.lab.backends[1].name)
            defer { _ = try? stage.balancers[0].ask("up", name, stage.lab.backends[1].name) }
            var report = ""
            try waitUntil(.seconds(30), "iperf3 serves") {
                guard let text = try? client.run(iperf, ["-c", address, "-t", "2", "-J"]) else { return false }
                report = text
                return true
            }
            let tree = try JSONSerialization.jsonObject(with: Data(report.utf8)) as? [String: Any]
            let sum = (tree?["end"] as? [String: Any])?["sum_received"] as? [String: Any]
            guard let bits = sum?["bits_per_second"] as? Double, bits > 0 else {
                throw LabError("nothing came: \(tree?["error"] ?? report.suffix(400))")
            }
            return "\((bits / 1e8).rounded() / 10) Gbit/s"
        }
        return [pages, files, speed]
    }
}
