#if os(Linux)
    import Testing

    @testable import Layer4Lab

    /// What Layer4Lab shows with the real Layer4Balancer, as facts; with smaller floods, and without the good days, which
    /// ``ForwardingLabTests`` has.
    @Suite(.enabled(if: NetworkLab.obstacle == nil, Comment(rawValue: NetworkLab.obstacle ?? "")), .onLabThreads)
    struct BalancerScenarioTests {
        static let scenarios = Scenario.all.filter { scenario in
            !scenario.name.hasPrefix("web-") && !scenario.name.hasSuffix("-v4") && !scenario.name.hasSuffix("-v6")
        }

        @Test(arguments: scenarios.map(\.name))
        func holds(name: String) throws {
            try Self.play(name)
        }

        /// Large files of nginx, fetched by curl, side by side; Layer4Lab's `run` does it for all modes.
        @Test(
            .enabled(if: WebServer.missing.isEmpty, Comment(rawValue: WebServer.remedy)),
            arguments: ["web-nat", "web-gue"])
        func servesTheWeb(name: String) throws {
            try Self.play(name)
        }

        private static func play(_ name: String) throws {
            var terms = Scenario.Terms()
            terms.packets = 200_000
            let scenario = try #require(Scenario.all.first { $0.name == name })
            for finding in try scenario.run(terms) {
                #expect(finding.holds, "\(finding.claim): \(finding.seen)")
            }
        }
    }
#endif
