#if os(Linux)
    import Foundation
    import Testing

    @testable import Layer4Lab

    /// What Layer4Lab shows with the real Layer4Balancer, as facts; with smaller floods, and without the good days, which
    /// ``ForwardingLabTests`` has.
    @Suite(.enabled(if: NetworkLab.obstacle == nil, Comment(rawValue: NetworkLab.obstacle ?? "")))
    struct BalancerScenarioTests {
        static let scenarios = Scenario.all.filter { scenario in
            !scenario.name.hasPrefix("web-") && !scenario.name.hasSuffix("-v4") && !scenario.name.hasSuffix("-v6")
        }

        /// Scenarios are played by threads of their own, two at a time: they wait for most of their time.
        private static let queue: OperationQueue = {
            let queue = OperationQueue()
            queue.maxConcurrentOperationCount = 2
            return queue
        }()

        @Test(arguments: scenarios.map(\.name))
        func holds(name: String) async throws {
            var terms = Scenario.Terms()
            terms.packets = 200_000
            let scenario = try #require(Self.scenarios.first { $0.name == name })
            let findings = try await withCheckedThrowingContinuation { continuation in
                Self.queue.addOperation { [terms] in
                    continuation.resume(with: Result { try scenario.run(terms) })
                }
            }
            for finding in findings {
                #expect(finding.holds, "\(finding.claim): \(finding.seen)")
            }
        }
    }
#endif
