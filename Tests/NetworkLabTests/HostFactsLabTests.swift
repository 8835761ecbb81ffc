#if os(Linux)
    import Foundation
    import LoadBalancing
    import PacketForwarding
    import Testing

    @testable import Layer4Lab

    /// Each fault of a host is found, and what is said to remedy it does.
    @Suite(
        .enabled(if: NetworkLab.obstacle == nil, Comment(rawValue: NetworkLab.obstacle ?? "")), .onLabThreads,
        .serialized)
    struct HostFactsLabTests {
        /// Runs a line in the shell of a host.
        private func run(_ line: String, on host: NetworkLab.Host, of lab: NetworkLab) throws {
            try Program.run("/sbin/ip", ["netns", "exec", lab.namespace(host), "/bin/sh", "-c", line])
        }

        private func configuration(
            _ lab: NetworkLab, _ mode: ServiceMode, _ addresses: [String]
        ) throws -> ForwardingConfiguration {
            let network = try lab.inside(.balancer) { try HostNetwork.read() }
            var configuration = ForwardingConfiguration(
                interfaces: ["a0", "b0"].compactMap { network.interfaceConfiguration(of: $0) }, services: [])
            // A host has link-local addresses as well, which come when they like.
            let linkLocal = try #require(InterfaceAddress("fe80::ff:fe00:a/64"))
            configuration.interfaces[0].addresses.insert(linkLocal, at: 0)
            for address in addresses { configuration.services += try LabWorkers.services(at: address, mode: mode) }
            for index in configuration.services.indices where mode == .fullNAT {
                configuration.services[index].sourceAddresses = [IPAddress("10.9.2.99")].compactMap(\.self)
                configuration.services[index].sourcePorts = SourcePortRange(1_000, 2_000)
            }
            return configuration
        }

        @Test(arguments: [
            (ServiceMode.nat, "ip link set a0 mtu 1400", "do not fit through a0"),
            (.nat, "ip link set b0 down", "b0 is down"),
            (.nat, "ip link set b0 address 02:00:00:00:00:77", "has the station address 02:00:00:00:00:77"),
            (.dsr, "ip addr add 10.9.0.1/32 dev lo", "10.9.0.1 of service \"tcp 10.9.0.1\" is an address of lo"),
            (.dsr, "ip -6 addr add fd09::1/128 dev lo nodad", "fd09::1 of service"),
            (.dsr, "sysctl -qw net.ipv4.ip_forward=1", "has no way to 10.9.0.1/32"),
            (.dsr, "ip -6 route del blackhole fd09::1", "has no way to fd09::1/128"),
            (.nat, "sysctl -qw net.ipv4.ip_forward=1; ip route add blackhole 10.9.0.1", "untranslated"),
            (.nat, "sysctl -qw net.ipv6.conf.all.forwarding=1", "untranslated"),
            (.ipip, "true", "do not fit through b0 to backend \"e0\""),
        ])
        func findsFaultsOfBalancers(mode: ServiceMode, fault: String, words: String) throws {
            let lab = try NetworkLab(answersReturnThroughBalancer: mode == .nat)
            defer { lab.remove() }
            let wanted = try configuration(lab, mode, [NetworkLab.service4, NetworkLab.service6])
            try expectNoFault(lab, .balancer) { $0.findingsOfBalancer(wanted) }
            try run(fault, on: .balancer, of: lab)
            try remedy(lab, .balancer, words) { $0.findingsOfBalancer(wanted) }
        }

        @Test(arguments: [
            (ServiceMode.dsr, "ip addr del 10.9.0.1/32 dev lo", "is no address of the host"),
            (.dsr, "ip -6 addr del fd09::1/128 dev lo", "is no address of the host"),
            (.dsr, "sysctl -qw net.ipv4.conf.e0.arp_ignore=0", "answers ARP on e0"),
            (.dsr, "sysctl -qw net.ipv4.conf.e0.arp_announce=1", "tells the stations of e0"),
            (.ipip, "ip tuntap del dev t0 mode tun", "there is no device t0"),
            (.gre, "sysctl -qw net.ipv4.conf.t0.rp_filter=1", "drops what comes out of t0"),
            (.gue, "sysctl -qw net.ipv4.conf.all.rp_filter=1", "drops what comes out of t0"),
            (.nat, "ip route del 10.9.1.0/24", "do not go through the balancer"),
            (.nat, "ip -6 route del fd09:1::/64", "do not go through the balancer"),
        ])
        func findsFaultsOfBackends(mode: ServiceMode, fault: String, words: String) throws {
            let lab = try NetworkLab(answersReturnThroughBalancer: mode == .nat)
            defer { lab.remove() }
            let wanted = try configuration(lab, mode, [NetworkLab.service4, NetworkLab.service6])
            try run("sysctl -qw net.ipv4.conf.e0.arp_ignore=1 net.ipv4.conf.e0.arp_announce=2", on: .backend, of: lab)
            try run("ip tuntap add dev t0 mode tun && ip link set t0 up", on: .backend, of: lab)
            try expectNoFault(lab, .backend) { $0.findingsOfBackend(wanted, device: "t0") }
            try run(fault, on: .backend, of: lab)
            try remedy(lab, .backend, words) { $0.findingsOfBackend(wanted, device: "t0") }
        }

        /// A host that has just been made is as it should be.
        private func expectNoFault(
            _ lab: NetworkLab, _ host: NetworkLab.Host, findings: @escaping @Sendable (HostFacts) -> [HostFinding]
        ) throws {
            let faults = try lab.inside(host) { findings(try HostFacts.read()) }.filter { $0.weight == .fault }
            #expect(faults.isEmpty)
        }

        /// The fault is found, and is gone when the command line has run that came with it.
        private func remedy(
            _ lab: NetworkLab, _ host: NetworkLab.Host, _ words: String,
            findings: @escaping @Sendable (HostFacts) -> [HostFinding]
        ) throws {
            let found = try lab.inside(host) { findings(try HostFacts.read()) }
            let matching = found.filter { $0.text.contains(words) }
            #expect(!matching.isEmpty, "\(found)")
            for finding in matching { try run(finding.remedy, on: host, of: lab) }
            let left = try lab.inside(host) { findings(try HostFacts.read()) }
            #expect(!left.contains { $0.text.contains(words) }, "\(left)")
        }

        /// The rule that drops before the stack lets a host have the addresses that it forwards.
        @Test func ingressDropLetsTheHostHaveTheAddresses() throws {
            let lab = try NetworkLab(answersReturnThroughBalancer: false)
            defer { lab.remove() }
            try lab.on(.balancer, "addr", "add", "10.9.0.1/32", "dev", "lo")
            let balancer = try LabWorkers(lab, mode: .dsr)
            defer { balancer.workers.stop() }
            let wanted = balancer.control.configuration
            let facts = try lab.inside(.balancer) { try HostFacts.read() }
            #expect(facts.findingsOfBalancer(wanted).contains { $0.text.contains("is an address of lo") })
            #expect(facts.findingsOfBalancer(wanted, dropsBeforeStack: true).isEmpty)
            #expect(throws: LabError.self) { try balancer.transfer(byteCount: 10_000, to: NetworkLab.service4) }
            try run(HostFacts.ingressDrop(wanted), on: .balancer, of: lab)
            try balancer.transfer(byteCount: 10_000, to: NetworkLab.service4)
        }

        @Test func saysThatAHostIsNoBackend() throws {
            let lab = try NetworkLab(answersReturnThroughBalancer: true)
            defer { lab.remove() }
            let wanted = try configuration(lab, .dsr, [NetworkLab.service4])
            let found = try lab.inside(.client) { try HostFacts.read().findingsOfBackend(wanted) }
            #expect(found.map(\.text) == ["the host has no address of a backend"])
        }
    }
#endif
