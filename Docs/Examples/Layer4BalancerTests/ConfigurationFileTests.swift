import Foundation
import LoadBalancing
import PacketForwarding
import Testing

@testable import Layer4Balancer

/// What a file may say, and how a mistake in it is told.
struct ConfigurationFileTests {
    /// A configuration without mistakes, as a tree.
    static var tree: [String: Any] {
        [
            "interfaces": ["eth0"],
            "services": [
                [
                    "name": "web", "protocol": "tcp", "address": "203.0.113.1", "port": 80, "mode": "nat",
                    "backends": [["name": "one", "address": "10.0.0.1", "port": 8080] as [String: Any]],
                    "health": ["probe": "tcp"],
                ] as [String: Any]
            ],
        ]
    }

    static func decoded(_ tree: [String: Any]) throws -> DaemonConfiguration {
        try ConfigurationFile.decode(try JSONSerialization.data(withJSONObject: tree))
    }

    private static func complaint(_ tree: [String: Any]) throws -> String {
        do {
            _ = try decoded(tree)
            return "nothing"
        } catch let error as ConfigurationError {
            return error.description
        }
    }

    @Test func leavesOutWhatHasAnOrdinaryValue() throws {
        let configuration = try Self.decoded(Self.tree)
        #expect(configuration.control == "/run/layer4balancer/control.sock")
        #expect(configuration.workers.count == 1 && configuration.leaving.drainSeconds == 30)
        #expect(configuration.statistics == nil && configuration.flowMemory == nil)
        #expect(configuration.services[0].health?.checks == HealthChecks())
    }

    /// Each says in which service and which setting it is, and what would be right.
    @Test(arguments: [
        ("shedulr", "maglev", #"service "web", shedulr: there is no such setting; is it "scheduler"?"#),
        ("port", "http", #"service "web", port: "#),
        ("port", "70000", #"service "web", port: 70000 is out of range; use 0 to 65535"#),
        ("port", "-1", #"service "web", port: -1 is out of range"#),
        ("port", "80.5", #"service "web", port: 80.5 is out of range"#),
        ("sourcePorts", "[1024, 65536]", #"service "web", sourcePorts: 65536 is out of range"#),
        ("health", #"{"probe": "tcp", "port": 65536}"#, #"service "web", health.port: 65536 is out of range"#),
        ("mode", "nat66", #"service "web", mode: "#),
        ("address", "203.0.113.256", #"service "web", address: "#),
        ("slowStart", "-1", #"service "web", slowStart: -1.0 is out of range; use 0 to 86400 seconds"#),
        ("panicThreshold", "2", #"service "web", panicThreshold: 2.0 is out of range; use 0 to 1"#),
        ("health", #"{"probe": "tpc"}"#, #"service "web", health.probe: "#),
        ("health", #"{"porbe": "tcp"}"#, #"service "web", health.porbe: there is no such setting; is it "probe"?"#),
        ("health", #"{"probe": "tcp", "rise": 0}"#, #"service "web", health.rise and fall: out of range"#),
        ("health", #"{"probe": "tcp", "timeout": 0}"#, #"service "web", health.timeout: 0.0 is out of range"#),
        ("health", #"{"probe": "http", "path": "x"}"#, #"service "web", health.path: "x" is not a path"#),
        (
            "health", #"{"probe": "tcp", "through": "tunnel"}"#,
            #"service "web", health.through: nat has no tunnel; use "address""#
        ),
        ("backends", #"[{"name": "one", "address": "10.0.0.1"}]"#, #"service "web", backends[0].port: missing"#),
    ])
    func namesServiceAndField(field: String, value: String, expected: String) throws {
        var tree = Self.tree
        var services = try #require(tree["services"] as? [[String: Any]])
        let parsed = try? JSONSerialization.jsonObject(with: Data(value.utf8), options: .fragmentsAllowed)
        services[0][field] = parsed ?? value
        tree["services"] = services
        let text = try Self.complaint(tree)
        #expect(text.hasPrefix(expected), "\(text)")
    }

    @Test(arguments: [
        ("statistics", #""192.0.2.1:9108""#, "statistics: \"192.0.2.1:9108\" is no place within this host"),
        ("workers", #"{"count": 0}"#, "workers.count: 0 is out of range; use 1 to 85"),
        ("workers", #"{"count": 86}"#, "workers.count: 86 is out of range; use 1 to 85"),
        ("workers", #"{"core": [1]}"#, #"workers.core: there is no such setting; is it "cores"?"#),
        ("ring", #"{"slotCount": 0}"#, "ring.slotCount: 0 is out of range"),
        ("leaving", #"{"drainSeconds": -1}"#, "leaving.drainSeconds: -1.0 is out of range"),
        ("capture", #"{"bytes": 1}"#, "capture.bytes: 1 is out of range"),
        ("service", "[]", #"service: there is no such setting; is it "services"?"#),
        ("interfaces", #""eth0""#, "interfaces: "),
    ])
    func namesTheFieldOfTheWhole(field: String, value: String, expected: String) throws {
        var tree = Self.tree
        tree[field] = try JSONSerialization.jsonObject(with: Data(value.utf8), options: .fragmentsAllowed)
        let text = try Self.complaint(tree)
        #expect(text.hasPrefix(expected), "\(text)")
    }

    @Test(arguments: ["", "{", "[]", #"{"interfaces": [}"#])
    func saysOfAnythingElseThatItCannotBeRead(text: String) throws {
        #expect(throws: ConfigurationError.self) { try ConfigurationFile.decode(Data(text.utf8)) }
    }

    @Test func knowsEveryFieldThatThereIs() throws {
        var service = ServiceConfiguration(
            name: "s", transport: .udp, address: try #require(IPPrefix("203.0.113.1")), port: 1, mode: .fullNAT,
            backends: [
                BackendConfiguration(
                    name: "b", address: try #require(IPAddress("10.0.0.1")), port: 1, weight: 1, serverID: 1)
            ])
        service.announce = []
        service.sourcePorts = SourcePortRange(1, 2)
        service.clampMSS = 1
        service.quicConnectionID = ConnectionIDLayout(offset: 1, length: 1)
        service.persistence = PersistenceConfiguration(timeout: 1)
        service.flows = 1
        service.halfOpen = 1
        service.adopted = 1
        var source = TunnelSource(ipv4: IPAddress("10.0.0.1"), ipv6: IPAddress("fd00::1"))
        source.ipv4Prefix = IPPrefix("10.0.0.0/8")
        source.ipv6Prefix = IPPrefix("fd00::/8")
        let encoder = JSONEncoder()
        for (place, value) in [
            ("services", try encoder.encode([service])), ("tunnelSource", try encoder.encode(source)),
            ("fleet", try encoder.encode(FleetConfiguration())),
            ("limits", try encoder.encode(ForwardingLimits(halfOpen: 1, adopted: 1))),
        ] {
            let tree = try JSONSerialization.jsonObject(with: value)
            #expect(throws: Never.self, "\(place)") { try FieldNames.check(tree, at: place) }
        }
    }

    @Test func takesTheExample() throws {
        let file = URL(filePath: #filePath).deletingLastPathComponent()
            .appending(path: "../Layer4Balancer/layer4balancer.json")
        let configuration = try ConfigurationFile.read(file.path)
        #expect(configuration.services.map(\.name) == ["web"])
    }

    @Test func saysWhichInterfaceIsMissing() throws {
        var tree = Self.tree
        tree["interfaces"] = ["nowhere0"]
        let configuration = try Self.decoded(tree)
        let host = try HostNetwork.read()
        #expect(throws: ConfigurationError.self) { try configuration.forwarding(on: host) }
        do {
            _ = try configuration.forwarding(on: host)
        } catch {
            #expect(
                error.description == #"interfaces: there is no "nowhere0" on this host; `ip link` lists what there is"#)
        }
    }

    /// An interface that is gone is taken as it was, so that all else of the file holds.
    @Test func takesAnInterfaceThatIsGoneAsItWas() throws {
        var tree = Self.tree
        tree["interfaces"] = ["nowhere0"]
        let known = InterfaceConfiguration(name: "nowhere0", mac: MACAddress(bits: 2))
        let forwarding = try Self.decoded(tree).forwarding(on: try HostNetwork.read(), besides: [known])
        #expect(forwarding.interfaces == [known])
        #expect(forwarding.services.map(\.name) == ["web"])
    }

    /// What workers cannot share is found before anything is changed, not when they begin.
    @Test func refusesMoreWorkersThanThereAreSources() throws {
        var tree = Self.tree
        tree["interfaces"] = ["nowhere0"]
        tree["workers"] = ["count": 2]
        var services = try #require(tree["services"] as? [[String: Any]])
        services[0].merge(
            ["mode": "full-nat", "sourceAddresses": ["10.0.0.9"], "sourcePorts": [1_024, 2_048]] as [String: Any]
        ) { $1 }
        tree["services"] = services
        let known = InterfaceConfiguration(name: "nowhere0", mac: MACAddress(bits: 2))
        let (configuration, host) = (try Self.decoded(tree), try HostNetwork.read())
        let error = #expect(throws: ConfigurationError.self) {
            try configuration.forwarding(on: host, besides: [known])
        }
        #expect(error?.reason.hasPrefix(#"service "web" has 1 source addresses for 2 workers"#) == true)
    }

    /// Clients stay with the workers that have their flows.
    @Test(arguments: [(1, false), (2, true)])
    func reloadsTheSeedOfOneWorkerOnly(workers: Int, isRefused: Bool) throws {
        var tree = Self.tree
        tree["workers"] = ["count": workers]
        let before = try Self.decoded(tree)
        tree["fleet"] = ["seed": 5]
        let after = try Self.decoded(tree)
        if isRefused {
            #expect(throws: ConfigurationError.self) { try after.checkReload(from: before) }
        } else {
            #expect(throws: Never.self) { try after.checkReload(from: before) }
        }
    }

    /// What is fixed while the daemon runs is refused, and not passed over.
    @Test(arguments: [
        ("interfaces", #"["eth1"]"#, "interfaces"), ("workers", #"{"count": 2}"#, "workers"),
        ("limits", #"{"flows": 7}"#, "limits.flows"), ("control", #""/tmp/c""#, "control"),
        ("flowMemory", #""/tmp/f""#, "flowMemory"),
    ])
    func refusesToReloadWhatIsFixed(field: String, value: String, place: String) throws {
        var tree = Self.tree
        let before = try Self.decoded(tree)
        #expect(throws: Never.self) { try before.checkReload(from: before) }
        tree[field] = try JSONSerialization.jsonObject(with: Data(value.utf8), options: .fragmentsAllowed)
        let after = try Self.decoded(tree)
        do {
            try after.checkReload(from: before)
            Issue.record("not refused")
        } catch {
            #expect(error.place == place)
        }
    }
}
