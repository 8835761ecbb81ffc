#if os(Linux)
    import Foundation
    import PacketForwarding
    import Testing

    @testable import Layer4Lab

    /// Addresses on the link of a router, which asks for them: how a balancer takes them, and how it gives them up.
    @Suite(
        .enabled(if: NetworkLab.obstacle == nil, Comment(rawValue: NetworkLab.obstacle ?? "")), .onLabThreads,
        .serialized)
    struct AddressReleaseTests {
        enum Release: String, CaseIterable, Sendable {
            case reload, termination
        }

        /// What the router knows of an address.
        private func known(_ address: String, on stage: Stage) throws -> String {
            try stage.lab.router.run(LabHost.ip, ["neigh", "show", address, "dev", "front"])
        }

        /// Whether somebody answers when the router asks for an address that it has forgotten.
        private func isAnswered(_ address: String, on stage: Stage) throws -> Bool {
            _ = try? stage.lab.router.configure(["neigh del \(address) dev front"])
            try stage.lab.router.inside {
                let socket = try LabSocket.connect(address, 9, isStream: false)
                try socket.send([0])
            }
            var answer = ""
            try waitUntil(.seconds(30), "the router knows, or gives up") {
                answer = try known(address, on: stage)
                return answer.contains("REACHABLE") || answer.contains("FAILED")
            }
            return answer.contains("REACHABLE")
        }

        /// Release is silence, and the connections go on as long as their way is known.
        @Test(arguments: Release.allCases, [IPVersion.v4, .v6])
        func isSilence(release: Release, version: IPVersion) throws {
            let stage = try Stage(.dsr)
            defer { stage.remove() }
            let address = stage.address(version)
            let (host, balancer) = (stage.lab.balancers[0], stage.balancers[0])
            try stage.lab.router.configure(["route replace \(address)/\(version == .v4 ? 32 : 128) dev front"])
            func groups() throws -> [String] {
                let text = try host.inside {
                    try String(contentsOfFile: "/proc/thread-self/net/dev_mcast", encoding: .ascii)
                }
                return text.split(separator: "\n").filter { $0.contains("f0") }
                    .compactMap { $0.split(separator: " ").last.map(String.init) }
            }
            #expect(try isAnswered(address, on: stage))
            #expect(try groups().contains("3333ff000003"))
            let held = try HeldConnections.open(10, from: stage.lab.client, to: address)
            switch release {
            case .reload: try balancer.reload(LabConfiguration(stage.lab, 0, [.nat], flows: 65_536))
            case .termination:
                balancer.signal(SIGTERM)
                try waitUntil(.seconds(30), "the balancer leaves") { try balancer.metric("ready") == 0 }
            }
            let alive = held.exchange().alive
            #expect(alive == held.count)
            #expect(try !isAnswered(address, on: stage))
            #expect(try !groups().contains("3333ff000003"))
        }

        /// An address that comes with a reload is announced, and whoever listens knows it without a question.
        @Test func comesWithAnAnnouncement() throws {
            let stage = try Stage(.dsr)
            defer { stage.remove() }
            try stage.lab.router.set(["ipv4/conf/front/arp_accept": "1"])
            let address = LabService.of(.nat).v4
            #expect(try known(address, on: stage).isEmpty)
            try stage.balancers[0].reload(LabConfiguration(stage.lab, 0, [.dsr, .nat], flows: 65_536))
            try waitUntil(.seconds(30), "the router has heard of it") {
                try known(address, on: stage).contains("02:08:00:00:02:0b")
            }
        }
    }
#endif
