#if os(Linux)
    import Foundation
    import PacketForwarding
    import Testing

    @testable import Layer4Lab

    /// The real Layer4Balancer where something is not as it should be: it says what to do, or goes on.
    @Suite(
        .enabled(if: NetworkLab.obstacle == nil, Comment(rawValue: NetworkLab.obstacle ?? "")), .onLabThreads,
        .serialized)
    struct BalancerBadDaysTests {
        /// What a balancer says that cannot begin.
        private static func complaint(
            _ lab: Lab, through wrapper: [String] = [], settings: [String: Any] = [:]
        ) throws -> String {
            let file = "\(lab.folder)/bad.json"
            try LabConfiguration(lab, 0, [.nat], flows: 1_000, settings: settings).write(to: file)
            let words = wrapper + [Balancer.path, file]
            let program = try lab.balancers[0].start(words[0], Array(words.dropFirst()))
            let outcome = try program.wait()
            #expect(outcome.status == 1)
            return outcome.complaints
        }

        @Test func saysWhatIsMissing() throws {
            let lab = try Lab(backends: 1)
            defer { lab.remove() }
            for (settings, expected) in [
                (
                    ["interfaces": ["f0", "nowhere0"]],
                    #"interfaces: there is no "nowhere0" on this host; `ip link` lists"#
                ),
                (["interfaces": ["lo"]], #"interfaces: "lo" has no station address"#),
                (["ring": ["blockByteCount": 1 << 26, "blockCount": 1 << 16]], "ask for a smaller ring"),
                (["flowMemory": "/nowhere/at/all"], "make the folder above it"),
                (["service": []], "there is no such setting"),
            ] as [([String: Any], String)] {
                let text = try Self.complaint(lab, settings: settings)
                #expect(text.contains(expected), "\(text)")
            }
            let text = try Self.complaint(
                lab, through: ["/usr/bin/setpriv", "--bounding-set=-net_raw", "--inh-caps=-all"])
            #expect(text.contains("grant CAP_NET_RAW, or run as root"), "\(text)")
            try lab.balancers[0].configure(["link set k0 mtu 500"])
            let small = try Self.complaint(lab)
            #expect(small.contains("the MTU of k0 is 500, and nat needs"), "\(small)")
        }

        @Test func leavesAnotherOnesSocketAlone() throws {
            let lab = try Lab(backends: 1)
            defer { lab.remove() }
            let balancer = try Balancer(lab, modes: [.dsr])
            defer { balancer.end() }
            let text = try Self.complaint(lab)
            #expect(text.contains("another program listens there: stop it, or name another place"), "\(text)")
            #expect(try balancer.ask("list").contains("dsr-v4-tcp-7"))
        }

        @Test func keepsItsConfigurationWhenTheNextIsWrong() throws {
            let stage = try Stage(.dsr)
            defer { stage.remove() }
            let held = try HeldConnections.open(20, from: stage.lab.client, to: stage.address())
            try Data("{".utf8).write(to: URL(filePath: "\(stage.lab.folder)/balancer0.json"))
            #expect(throws: (any Error).self) { try stage.balancers[0].ask("reload") }
            stage.balancers[0].signal(SIGHUP)
            let alive = held.exchange().alive
            #expect(alive == held.count)
        }

        /// A backend is taken out of the file, and its connections go on until they end.
        @Test(arguments: [ServiceMode.nat, .gre])
        func reloadsWithoutLosingAFlow(mode: ServiceMode) throws {
            let stage = try Stage(mode, backends: 3)
            defer { stage.remove() }
            let held = try HeldConnections.open(60, from: stage.lab.client, to: stage.address())
            let leaver = stage.lab.backends[1].name
            let next = LabConfiguration(stage.lab, 0, [mode], flows: 65_536) { service in
                let backends = service["backends"] as? [[String: Any]] ?? []
                service["backends"] = backends.filter { $0["name"] as? String != leaver }
            }
            try stage.balancers[0].reload(next)
            let alive = held.exchange().alive
            #expect(alive == held.count)
            let newcomers = try HeldConnections.open(40, from: stage.lab.client, to: stage.address())
            #expect(newcomers.counts[leaver] == nil)
            #expect(try stage.balancers[0].ask("list").contains("no longer in the file"))
            // Who comes back takes new flows as if he had never been away.
            try stage.balancers[0].reload(LabConfiguration(stage.lab, 0, [mode], flows: 65_536))
            let others = try HeldConnections.open(40, from: stage.lab.client, to: stage.address())
            #expect(others.counts[leaver] != nil)
        }

        /// An interface that goes and comes back is another one to the kernel; flows outlive it.
        @Test func goesOnWhenAnInterfaceComesBack() throws {
            let stage = try Stage(.nat)
            defer { stage.remove() }
            let held = try HeldConnections.open(20, from: stage.lab.client, to: stage.address())
            let counters = [
                "received_packets_total", "flows_opened_total", #"link_received_packets_total{interface="f0"}"#,
                #"link_sent_packets_total{interface="k0"}"#,
            ]
            let before = try counters.map { try stage.balancers[0].metric($0) }
            try stage.lab.disconnect(stage.lab.balancers[0], "k0")
            try waitUntil(.seconds(5), "the balancer notices") {
                try stage.balancers[0].metric("ready") == 0
            }
            try stage.lab.connectBack(ofBalancer: 0)
            try waitUntil(.seconds(10), "the balancer goes on") {
                try stage.balancers[0].metric("ready") == 1
            }
            let after = try counters.map { try stage.balancers[0].metric($0) }
            for (name, (before, after)) in zip(counters, zip(before, after)) {
                #expect(before >= 20 && after >= before, "\(name)")
            }
            let alive = held.exchange(within: .seconds(20)).alive
            #expect(alive == held.count)
        }

        /// What the file says while a link is down or its interface gone holds when that is back, and flows outlive both.
        @Test(arguments: [true, false])
        func reloadsWithoutAnInterface(isGone: Bool) throws {
            let stage = try Stage(
                .nat, backends: 3,
                adjust: { service in
                    let backends = service["backends"] as? [[String: Any]] ?? []
                    service["backends"] = Array(backends.prefix(2))
                })
            defer { stage.remove() }
            let balancer = stage.balancers[0]
            let held = try HeldConnections.open(20, from: stage.lab.client, to: stage.address())
            if isGone {
                try stage.lab.disconnect(stage.lab.balancers[0], "k0")
            } else {
                try stage.lab.balancers[0].configure(["link set k0 down"])
            }
            for backends in [3, 1, 3] {
                try balancer.reload(
                    LabConfiguration(stage.lab, 0, [.nat], flows: 65_536) { service in
                        let all = service["backends"] as? [[String: Any]] ?? []
                        service["backends"] = Array(all.suffix(backends))
                    })
                usleep(50_000)
            }
            #expect(try balancer.ask("list").contains(stage.lab.backends[2].name))
            if isGone {
                try waitUntil(.seconds(5), "the balancer notices") { try balancer.metric("ready") == 0 }
                try stage.lab.connectBack(ofBalancer: 0)
            } else {
                try stage.lab.balancers[0].configure(["link set k0 up"])
            }
            try waitUntil(.seconds(10), "the balancer goes on") { try balancer.metric("ready") == 1 }
            let alive = held.exchange(within: .seconds(20)).alive
            #expect(alive == held.count)
            let newcomers = try HeldConnections.open(40, from: stage.lab.client, to: stage.address())
            #expect(newcomers.counts.count == 3, "\(newcomers.counts)")
        }

        /// A link that goes down and comes up is the same to the kernel.
        @Test func goesOnWhenALinkComesUp() throws {
            let stage = try Stage(.nat)
            defer { stage.remove() }
            let held = try HeldConnections.open(20, from: stage.lab.client, to: stage.address())
            let balancer = stage.lab.balancers[0]
            try balancer.configure(["link set k0 down"])
            usleep(300_000)
            try balancer.configure(["link set k0 up", "route replace default via 10.8.2.1"])
            let alive = held.exchange(within: .seconds(20)).alive
            #expect(alive == held.count)
        }

        /// A probe through the tunnel tells a server that does not serve the service's address from one that does.
        @Test(arguments: [ServiceMode.ipip, .gre, .gue])
        func probesThroughTheTunnel(mode: ServiceMode) throws {
            let stage = try Stage(
                mode,
                adjust: { service in
                    guard service["name"] as? String == "\(mode.rawValue)-v4-tcp-7" else { return }
                    service["health"] =
                        ["probe": "tcp", "through": "tunnel", "interval": 0.2, "fastInterval": 0.1, "timeout": 0.5]
                        as [String: Any]
                })
            defer { stage.remove() }
            let lost = stage.lab.backends[0]
            func isUp(_ backend: LabHost) throws -> Bool {
                try stage.balancers[0].ask("list").split(separator: "\n")
                    .contains { $0.contains(stage.service) && $0.contains("\(backend.name) ") && $0.contains(" up ") }
            }
            try waitUntil(.seconds(5), "both backends are up") {
                try isUp(lost) && isUp(stage.lab.backends[1])
            }
            // Its own address answers as before: only what comes through the tunnel does not.
            try lost.configure(["addr del \(stage.address())/32 dev lo"])
            try waitUntil(.seconds(5), "one is down") {
                try !isUp(lost) && isUp(stage.lab.backends[1])
            }
        }
    }
#endif
