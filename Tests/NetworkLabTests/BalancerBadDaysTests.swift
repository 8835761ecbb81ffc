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

        /// What moves under its name while it has flows is refused; under another name it stands beside what there was.
        @Test func movesUnderAnotherName() throws {
            let stage = try Stage(.nat)
            defer { stage.remove() }
            let balancer = stage.balancers[0]
            let held = try HeldConnections.open(20, from: stage.lab.client, to: stage.address())
            func next(called name: String) -> LabConfiguration {
                LabConfiguration(stage.lab, 0, [.nat], flows: 65_536) { service in
                    guard service["name"] as? String == stage.service else { return }
                    service["name"] = name
                    service["address"] = "10.8.0.99"
                }
            }
            do {
                try balancer.reload(next(called: stage.service))
                Issue.record("flows are lost")
            } catch {
                #expect("\(error)".contains("the service gets another address"), "\(error)")
            }
            let before = held.exchange().alive
            #expect(before == held.count)
            try balancer.reload(next(called: "moved"))
            let newcomers = try HeldConnections.open(20, from: stage.lab.client, to: "10.8.0.99")
            let (old, new) = (held.exchange().alive, newcomers.exchange().alive)
            #expect(old == held.count && new == newcomers.count)
        }

        /// Who waits for a drain, or has stopped waiting, is in nobody's way.
        @Test func answersWhileOthersWait() throws {
            let stage = try Stage(.nat)
            defer { stage.remove() }
            let held = try HeldConnections.open(20, from: stage.lab.client, to: stage.address())
            let backend = stage.lab.backends[0].name
            let words = ["drain", stage.service, backend, "--wait", "600", "--socket", stage.balancers[0].socket]
            let waiting = try (0..<33).map { _ in try Program(Balancer.path, words) }
            defer { for program in waiting { program.end() } }
            // Some are told that others wait already.
            try waitUntil(.seconds(30), "those wait who may") { waiting.filter(\.isRunning).count == 24 }
            #expect(try stage.balancers[0].ask("list").contains(stage.service))
            for program in waiting { program.signal(SIGKILL) }
            try waitUntil(.seconds(30), "there is room for another one") {
                do {
                    try stage.balancers[0].ask("drain", stage.service, backend, "--wait", "0.01")
                    return false
                } catch {
                    return "\(error)".contains("flows are left")
                }
            }
            let alive = held.exchange().alive
            #expect(alive == held.count)
        }

        /// A backend gets another network card: what it says of itself is heard, by the host or by the balancer.
        @Test(arguments: [ServiceMode.nat, .dsr])
        func followsABackendsStation(mode: ServiceMode) throws {
            let stage = try Stage(mode, backends: 1)
            defer { stage.remove() }
            let backend = stage.lab.backends[0]
            try backend.set(["ipv4/conf/e0/arp_notify": "1", "ipv6/conf/e0/ndisc_notify": "1"])
            let held = try HeldConnections.open(20, from: stage.lab.client, to: stage.addresses)
            for station in ["02:08:00:00:03:fe", "02:08:00:00:03:fd"] {
                try backend.configure(["link set e0 address \(station)"])
                // What was lost meanwhile is sent again, each time after twice as long.
                let alive = held.exchange(within: .seconds(60)).alive
                #expect(alive == held.count)
            }
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
            try waitUntil(.seconds(30), "the balancer notices") {
                try stage.balancers[0].metric("ready") == 0
            }
            try stage.lab.connectBack(ofBalancer: 0)
            try waitUntil(.seconds(30), "the balancer goes on") {
                try stage.balancers[0].metric("ready") == 1
            }
            let after = try counters.map { try stage.balancers[0].metric($0) }
            for (name, (before, after)) in zip(counters, zip(before, after)) {
                #expect(before >= 20 && after >= before, "\(name)")
            }
            let alive = held.exchange().alive
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
                try waitUntil(.seconds(30), "the balancer notices") { try balancer.metric("ready") == 0 }
                try stage.lab.connectBack(ofBalancer: 0)
            } else {
                try stage.lab.balancers[0].configure(["link set k0 up"])
            }
            try waitUntil(.seconds(30), "the balancer goes on") { try balancer.metric("ready") == 1 }
            let alive = held.exchange().alive
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
            let alive = held.exchange().alive
            #expect(alive == held.count)
        }

        /// Probes through the tunnel tell a server that does not serve the service's addresses from one that does.
        @Test(arguments: [ServiceMode.ipip, .gre, .gue])
        func probesThroughTheTunnel(mode: ServiceMode) throws {
            let services = ["v4-tcp-7", "v6-tcp-7", "v4-udp-7", "v6-udp-7"].map { "\(mode.rawValue)-\($0)" }
            let stage = try Stage(
                mode,
                adjust: { service in
                    guard let name = service["name"] as? String, services.contains(name) else { return }
                    service["health"] =
                        [
                            "probe": service["protocol"] ?? "", "through": "tunnel", "expects": "health",
                            "interval": 0.2, "fastInterval": 0.1, "timeout": 0.5,
                        ] as [String: Any]
                })
            defer { stage.remove() }
            let lost = stage.lab.backends[0]
            func awaitState(of backend: LabHost, isUp: Bool) throws {
                try waitUntil(.seconds(30), "\(backend.name) is \(isUp ? "up" : "down")") {
                    let lines = try stage.balancers[0].ask("list").split(separator: "\n")
                    return services.allSatisfy { service in
                        lines.contains {
                            $0.contains("\(service) ") && $0.contains("\(backend.name) ")
                                && $0.contains(isUp ? " up " : " down ")
                        }
                    }
                }
            }
            try awaitState(of: lost, isUp: true)
            // Its own address answers as before: only what comes through the tunnel does not.
            try lost.configure([
                "addr del \(stage.address(.v4))/32 dev lo", "addr del \(stage.address(.v6))/128 dev lo",
            ])
            try awaitState(of: lost, isUp: false)
            try awaitState(of: stage.lab.backends[1], isUp: true)
            try lost.configure([
                "addr add \(stage.address(.v4))/32 dev lo", "addr add \(stage.address(.v6))/128 dev lo nodad",
            ])
            try awaitState(of: lost, isUp: true)
        }
    }
#endif
