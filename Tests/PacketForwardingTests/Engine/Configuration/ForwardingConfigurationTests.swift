import Foundation
import LoadBalancing
import Testing

@testable import PacketForwarding

struct ForwardingConfigurationTests {
    private typealias Change = @Sendable (inout ForwardingConfiguration) throws -> Void

    /// A service of each mode, and what makes it wrong: the field that is named, the service, and words that say what to do.
    private static let mistakes: [(field: String, service: String?, words: String, change: Change)] = [
        ("interfaces", nil, "use 1 to", { $0.interfaces = [] }),
        ("interfaces.name", nil, "each its own", { $0.interfaces.append($0.interfaces[0]) }),
        ("interfaces.mtu", nil, "use 68 to", { $0.interfaces[0].mtu = 60 }),
        ("interfaces.mac", nil, "group", { $0.interfaces[0].mac = .broadcast }),
        ("neighbours.interface", nil, "\"eth9\"", { $0.neighbours[0].interface = "eth9" }),
        ("routes.interface", nil, "\"eth9\"", { $0.routes[0].interface = "eth9" }),
        ("routes.via", nil, "version", { $0.routes[0].destination = IPPrefix("fd00::/8") }),
        (
            "routes.via", nil, "missing",
            { $0.routes[0] = RouteConfiguration(to: nil, via: nil, interface: $0.interfaces[0].name) }
        ),
        ("tunnelSource", nil, "version", { $0.tunnelSource.ipv4 = Frames.client6 }),
        ("tunnelSource", nil, "version", { $0.tunnelSource.ipv6Prefix = IPPrefix("10.0.0.0/8") }),
        ("limits.flows", nil, "use 1 to", { $0.limits.flows = 0 }),
        ("limits.answersPerSecond", nil, "use 0 to", { $0.limits.answersPerSecond = -1 }),
        ("limits.sourcePortRest", nil, "use 0", { $0.limits.sourcePortRest = -1 }),
        ("limits.halfOpen", nil, "use 0 to", { $0.limits.halfOpen = 1 << 30 }),
        ("limits.adopted", nil, "use 0 to", { $0.limits.adopted = -1 }),
        ("fleet.balancers", nil, "use 1 to", { $0.fleet.balancers = 0 }),
        ("name", "nat", "each its own", { $0.services.append($0.services[0]) }),
        (
            "address", "again", "\"nat\"",
            {
                $0.services.append($0.services[0])
                $0.services[$0.services.count - 1].name = "again"
            }
        ),
        ("address", "nat", "service of each address", { $0.services[0].address = try prefix("192.0.2.0/28") }),
        ("address", "full-nat", "use dsr or a tunnel", { $0.services[1].address = try prefix("2001:db8::/64") }),
        ("port", "nat", "name it", { $0.services[0].port = nil }),
        ("backends.name", "nat", "each its own", { $0.services[0].backends[1].name = "b1" }),
        (
            "backends.address", "nat", "\"b1\"",
            {
                $0.services[0].backends[1].address = $0.services[0].backends[0].address
            }
        ),
        ("backends.address", "nat", "version", { $0.services[0].backends[1].address = Frames.client6 }),
        ("backends.weight", "nat", "use 0 to", { $0.services[0].backends[0].weight = -1 }),
        ("backends.port", "dsr", "does not change", { $0.services[2].backends[0].port = 81 }),
        ("backends.serverID", "udp", "quicConnectionID", { $0.services[4].backends[0].serverID = 1 }),
        (
            "backends.serverID", "udp", "does not fit",
            {
                $0.services[4].quicConnectionID = ConnectionIDLayout(offset: 0, length: 1)
                $0.services[4].backends[0].serverID = 256
            }
        ),
        (
            "backends.serverID", "udp", "does not fit",
            {
                $0.services[4].quicConnectionID = ConnectionIDLayout(.katran)
                $0.services[4].backends[0].serverID = 0
            }
        ),
        (
            "backends.serverID", "udp", "each its own",
            {
                $0.services[4].quicConnectionID = ConnectionIDLayout(offset: 0, length: 1)
                $0.services[4].backends[0].serverID = 1
                $0.services[4].backends[1].serverID = 1
            }
        ),
        ("tunnelSource", "ipip", "set the source", { $0.tunnelSource.ipv4 = nil }),
        ("sourceAddresses", "nat", "only full-nat", { $0.services[0].sourceAddresses = [Frames.client4] }),
        ("sourceAddresses", "full-nat", "give the addresses", { $0.services[1].sourceAddresses = [] }),
        ("sourceAddresses", "full-nat", "version", { $0.services[1].sourceAddresses = [Frames.client6] }),
        (
            "sourceAddresses", "full-nat", "each its own",
            { $0.services[1].sourceAddresses += $0.services[1].sourceAddresses }
        ),
        (
            "sourceAddresses", "full-nat", "send to",
            { $0.services[1].sourceAddresses = [$0.services[0].address.address] }
        ),
        ("sourceAddresses", "full-nat", "no host's", { $0.services[1].sourceAddresses = [IPAddress(v4: 0)] }),
        ("backends.address", "nat", "no host's", { $0.services[0].backends[0].address = IPAddress(v4: 0xE000_0001) }),
        ("backends.address", "nat", "own", { $0.services[0].backends[0].address = $0.services[0].address.address }),
        ("sourcePorts", "full-nat", "give the first", { $0.services[1].sourcePorts = nil }),
        ("sourcePorts", "full-nat", "use [1", { $0.services[1].sourcePorts = SourcePortRange(9, 8) }),
        ("resetOnFailure", "udp", "UDP", { $0.services[4].resetOnFailure = true }),
        ("clampMSS", "udp", "UDP", { $0.services[4].clampMSS = 1_400 }),
        ("clampMSS", "nat", "use 88 to", { $0.services[0].clampMSS = 20 }),
        ("fragmentInner", "nat", "only tunnels", { $0.services[0].fragmentInner = true }),
        (
            "quicConnectionID", "nat", "UDP",
            {
                $0.services[0].quicConnectionID = ConnectionIDLayout(offset: 0, length: 1)
            }
        ),
        (
            "quicConnectionID.length", "udp", "use 1 to 8",
            {
                $0.services[4].quicConnectionID = ConnectionIDLayout(offset: 0, length: 9)
            }
        ),
        (
            "quicConnectionID.offset", "udp", "use 0 to 18",
            {
                $0.services[4].quicConnectionID = ConnectionIDLayout(offset: 19, length: 2)
            }
        ),
        (
            "quicConnectionID.configuration", "udp", "use 0 to 6",
            {
                $0.services[4].quicConnectionID = ConnectionIDLayout(.loadBalancers(configuration: 7, length: 1))
            }
        ),
        (
            "persistence.ipv4PrefixLength", "nat", "use 0 to 32",
            {
                $0.services[0].persistence = PersistenceConfiguration(ipv4PrefixLength: 33, timeout: 1)
            }
        ),
        (
            "persistence.timeout", "nat", "use 0.001",
            {
                $0.services[0].persistence = PersistenceConfiguration(timeout: 0)
            }
        ),
        ("timeouts.udp", "nat", "use 0.001", { $0.services[0].timeouts.udp = -1 }),
        ("timeouts.tcpClosing", "nat", "use 0.001", { $0.services[0].timeouts.tcpClosing = .infinity }),
        ("timeouts.fragment", "nat", "use 0.001", { $0.services[0].timeouts.fragment = .nan }),
        ("announce", "nat", "\"eth9\"", { $0.services[0].announce = ["eth9"] }),
        ("tableSize", "nat", "take 65537", { $0.services[0].tableSize = 65_536 }),
        ("tableSize", "nat", "2 to", { $0.services[0].tableSize = 1 }),
        (
            "tableSize", "nat", "use maglev",
            {
                $0.services[0].scheduler = .policy(.ringHash)
                $0.services[0].tableSize = 65_537
            }
        ),
        (
            "backends.weight", "nat", "4194304",
            {
                $0.services[0].scheduler = .policy(.jumpHash)
                $0.services[0].backends[0].weight = 1 << 22
            }
        ),
        ("flows", "nat", "use 0 to 1024", { $0.services[0].flows = 1_025 }),
        ("flows", "dsr", "use 0 to", { $0.services[2].flows = -1 }),
        ("halfOpen", "nat", "use 0 to", { $0.services[0].halfOpen = -1 }),
        ("adopted", "nat", "use 0 to", { $0.services[0].adopted = 1 << 30 }),
    ]

    private static func prefix(_ text: String) throws -> IPPrefix { try #require(IPPrefix(text)) }

    private static func configuration() throws -> ForwardingConfiguration {
        var services = [ServiceMode.nat, .fullNAT, .dsr, .ipip].map { EngineLab.service($0, name: $0.rawValue) }
        services.append(EngineLab.service(.dsr, name: "udp", transport: .udp))
        for (index, port) in [UInt16(80), 81, 82, 83, 84].enumerated() {
            services[index].port = port
            guard !services[index].mode.isNAT else { continue }
            for backend in services[index].backends.indices { services[index].backends[backend].port = port }
        }
        return try EngineLab.configuration(services)
    }

    @Test func whatIsRightIsAccepted() throws {
        #expect(try Self.configuration().check() == [])
    }

    @Test(arguments: mistakes.indices)
    func mistakesAreNamed(index: Int) throws {
        let mistake = Self.mistakes[index]
        var configuration = try Self.configuration()
        try mistake.change(&configuration)
        let error = #expect(throws: ForwardingConfigurationError.self) { try configuration.check() }
        #expect(error?.field == mistake.field)
        #expect(error?.service == mistake.service)
        let text = error?.description ?? ""
        #expect(text.contains(mistake.words), "\(text)")
        #expect(text.contains(mistake.field))
        if let service = mistake.service { #expect(text.contains("\"\(service)\"")) }
    }

    @Test func controlKeepsWhatWasInForce() throws {
        var lab = try EngineLab([EngineLab.service(.dsr)])
        let wrong = try EngineLab.configuration([EngineLab.service(.dsr), EngineLab.service(.dsr)])
        #expect(throws: ForwardingConfigurationError.self) { try lab.control.update(wrong) }
        #expect(lab.process(Frames.segment(Frames.clientEnd(), Frames.serviceEnd(), .syn)).verdict == .send)
        #expect(!lab.control.set(.down, backend: "b9", of: "web"))
        #expect(!lab.control.set(.down, backend: "b1", of: "dns"))
        #expect(!lab.control.setWeight(-1, backend: "b1", of: "web"))
    }

    /// Prefixes and any port are for the modes in which the backend answers itself.
    @Test func directReturnServesPrefixesAndAllPorts() throws {
        var service = EngineLab.service(.dsr)
        service.address = try Self.prefix("192.0.2.0/24")
        service.port = nil
        var lab = try EngineLab([service])
        for (address, port) in [(0xC000_0201, 80), (0xC000_02FE, 81)] as [(UInt32, UInt16)] {
            let syn = Frames.segment(Frames.clientEnd(port), Endpoint(IPAddress(v4: address), port), .syn)
            #expect(lab.process(syn).verdict == .send)
        }
    }

    @Test(
        arguments: [
            (.maglev, .dsr, []), (.sourceHash, .ipip, []), (.policy(.staticHash), .dsr, []),
            (.policy(.ringHash), .gre, []), (.policy(.memento), .dsr, ["scheduler"]),
            (.policy(.roundRobin), .dsr, ["scheduler"]), (.policy(.leastConnections), .ipip, ["scheduler"]),
            (.maglev, .nat, ["mode"]), (.policy(.roundRobin), .fullNAT, ["scheduler", "mode"]),
        ] as [(SchedulerName, ServiceMode, [String])])
    func fleetsAreWarnedOfWhatTheirBalancersDoNotShare(
        scheduler: SchedulerName, mode: ServiceMode, fields: [String]
    ) throws {
        var configuration = try EngineLab.configuration([EngineLab.service(mode, scheduler: scheduler)])
        #expect(try configuration.check() == [])
        configuration.fleet.balancers = 2
        let warnings = try configuration.check()
        #expect(warnings.map(\.field) == fields)
        for warning in warnings {
            #expect(warning.service == "web")
            #expect(warning.description.hasPrefix("service \"web\", \(warning.field): "))
            #expect(warning.text.contains("use maglev") || warning.text.contains("use dsr or a tunnel"))
        }
    }

    @Test func aServiceThatNobodyServesIsWarnedOf() throws {
        let warnings = try EngineLab.configuration([EngineLab.service(.dsr, backends: 0)]).check()
        #expect(warnings.map(\.field) == ["backends"])
    }

    @Test func whatIsWrittenIsReadAgain() throws {
        var configuration = try Self.configuration()
        configuration.services[0].persistence = PersistenceConfiguration(timeout: 5)
        configuration.services[0].endOnFailure = true
        configuration.services[0].tableSize = 655_373
        (configuration.services[0].flows, configuration.services[0].halfOpen) = (9, 5)
        configuration.services[4].quicConnectionID = ConnectionIDLayout(.katran)
        configuration.tunnelSource.spreading = .flow
        configuration.tunnelSource.ipv4Prefix = IPPrefix("172.16.0.0/16")
        let read = try JSONDecoder().decode(
            ForwardingConfiguration.self, from: JSONEncoder().encode(configuration))
        #expect(read == configuration)
    }
}
