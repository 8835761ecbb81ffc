import PacketForwarding

/// Something that happens to balancers, and what is to be seen then.
struct Scenario: Sendable {
    /// How much of it there is, and who hears of it.
    struct Terms: Sendable {
        /// Connections that are held.
        var connections = 1_000
        /// Packets of floods.
        var packets = 1_000_000
        /// The size of large files.
        var megabytes = 100
        /// How long a soak is.
        var soak: Duration = .seconds(20)
        /// Told what happens while it does.
        var say: @Sendable (String) -> Void = { _ in }
    }

    let name: String
    let summary: String
    let run: @Sendable (Terms) throws -> [Finding]

    /// All of them.
    static let all: [Scenario] =
        ServiceMode.allCases.map { mode in
            Scenario(name: "web-\(mode.rawValue)", summary: "\(mode.rawValue): nginx, curl and iperf3") {
                try WebScenario(mode: mode).run($0)
            }
        }
        + ServiceMode.allCases.flatMap { mode in
            [IPVersion.v4, .v6].map { version in
                Scenario(
                    name: "\(mode.rawValue)-\(version.text)",
                    summary: "\(mode.rawValue), IP\(version.text): small and large exchanges, datagrams in fragments"
                ) { try ModeScenario(mode: mode, version: version).run($0) }
            }
        }
        + ServiceMode.allCases.map { mode in
            Scenario(
                name: "errors-\(mode.rawValue)",
                summary: "\(mode.rawValue): packets do not fit on the way to a client, and nobody listens"
            ) { try ErrorScenario(mode: mode).run($0) }
        }
        + ServiceMode.allCases.map { mode in
            Scenario(
                name: "drain-\(mode.rawValue)",
                summary: "\(mode.rawValue): a backend drains while clients hold connections"
            ) { try DrainScenario(mode: mode).run($0) }
        }
        + ServiceMode.allCases.map { mode in
            Scenario(
                name: "backend-down-\(mode.rawValue)", summary: "\(mode.rawValue): the link of a backend goes down"
            ) {
                try BackendDownScenario(mode: mode).run($0)
            }
        }
        + ServiceMode.allCases.map { mode in
            Scenario(
                name: "restart-\(mode.rawValue)", summary: "\(mode.rawValue): the balancer is restarted under load"
            ) {
                try RestartScenario(mode: mode).run($0)
            }
        }
        + [ServiceMode.dsr, .ipip, .gre, .gue].map { mode in
            Scenario(
                name: "fleet-\(mode.rawValue)",
                summary: "\(mode.rawValue): one of two balancers leaves, and later a backend drains"
            ) { try FleetScenario(mode: mode).run($0) }
        } + [
            Scenario(name: "syn-flood", summary: "nat: a flood of SYNs during transfers") {
                try FloodScenario(kind: .syn).run($0)
            },
            Scenario(name: "malformed", summary: "nat: a storm of malformed packets during transfers") {
                try FloodScenario(kind: .malformed).run($0)
            },
        ]
        + [ServiceMode.ipip, .gre, .gue].map { mode in
            Scenario(
                name: "path-mtu-\(mode.rawValue)", summary: "\(mode.rawValue): packets that do not fit into the tunnel"
            ) {
                try PathMTUScenario(mode: mode).run($0)
            }
        }
        + [ServiceMode.nat, .fullNAT, .ipip, .gre, .gue].map { mode in
            Scenario(
                name: "routed-\(mode.rawValue)",
                summary: "\(mode.rawValue): packets do not fit through a link behind a router of the backends"
            ) {
                try RoutedScenario(mode: mode).run($0)
            }
        }
        + [ServiceMode.nat, .fullNAT, .gue].map { mode in
            Scenario(
                name: "soak-\(mode.rawValue)",
                summary: "\(mode.rawValue): connections come and go, and nothing piles up"
            ) {
                try SoakScenario(mode: mode).run($0)
            }
        }
}

extension IPVersion {
    /// `v4` or `v6`.
    var text: String { self == .v4 ? "v4" : "v6" }
}
