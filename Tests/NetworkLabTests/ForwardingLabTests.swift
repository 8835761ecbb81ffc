#if os(Linux)
    import Foundation
    import LoadBalancing
    import PacketForwarding
    import Synchronization
    import Testing

    @testable import Layer4Lab

    /// The forwarder between real hosts: what one of them sends, another gets, byte for byte.
    @Suite(
        .enabled(if: NetworkLab.obstacle == nil, Comment(rawValue: NetworkLab.obstacle ?? "")), .onLabThreads,
        .serialized)
    struct ForwardingLabTests {
        @Test(arguments: ServiceMode.allCases, [IPVersion.v4, .v6])
        func bytesArriveAsTheyWereSent(mode: ServiceMode, version: IPVersion) throws {
            let lab = try NetworkLab(answersReturnThroughBalancer: mode == .nat)
            defer { lab.remove() }
            let forwarder = try LabForwarder(lab, mode: mode, version: version)
            defer { forwarder.stop() }
            for byteCount in [1, 1_000, 5_000_000] {
                try forwarder.transfer(byteCount: byteCount)
            }
            for byteCount in [1, 1_400, 4_000] {
                try forwarder.echo(byteCount: byteCount)
            }
        }

        /// A new network card behind the same address: the balancer hears of it, or asks.
        @Test(arguments: [IPVersion.v4, .v6])
        func findsStationsByItself(version: IPVersion) throws {
            let lab = try NetworkLab(answersReturnThroughBalancer: true)
            defer { lab.remove() }
            let forwarder = try LabForwarder(lab, mode: .nat, version: version, findsNeighbours: true)
            defer { forwarder.stop() }
            try lab.inside(.backend) {
                for setting in ["ipv4/conf/e0/arp_notify", "ipv6/conf/e0/ndisc_notify"] {
                    try "1".write(toFile: "/proc/sys/net/\(setting)", atomically: false, encoding: .ascii)
                }
            }
            // What the client says when it asks for the balancer's address is heard, too.
            for host in NetworkLab.Host.allCases { try lab.on(host, "neigh", "flush", "all", "nud", "permanent") }
            try forwarder.transfer(byteCount: 10_000)
            try lab.on(.backend, "link", "set", "e0", "address", "02:00:00:00:00:1c")
            try forwarder.transfer(byteCount: 10_000)
        }

        /// A client on the link that has no reason to ask for the balancer is asked for itself, and its answer waits for that.
        @Test(arguments: [IPVersion.v4, .v6])
        func findsClientsThatSayNothing(version: IPVersion) throws {
            let lab = try NetworkLab(answersReturnThroughBalancer: true)
            defer { lab.remove() }
            let forwarder = try LabForwarder(lab, mode: .nat, version: version, findsNeighbours: true)
            defer { forwarder.stop() }
            try forwarder.transfer(byteCount: 10_000)
        }

        @Test func readsWhatTheHostHas() throws {
            let lab = try NetworkLab(answersReturnThroughBalancer: true)
            defer { lab.remove() }
            let network = try lab.inside(.balancer) { try HostNetwork.read() }
            let interface = network.interfaceConfiguration(of: "a0")
            #expect(interface?.mac == MACAddress("02:00:00:00:00:0a"))
            #expect(interface?.mtu == 1_500)
            let addresses = interface?.addresses.map(\.description) ?? []
            #expect(addresses.contains("10.9.1.1/24") && addresses.contains("fd09:1::1/64"), "\(addresses)")
            #expect(network.interfaceConfiguration(of: "c0") == nil, "another host's")
            let stations = Set(network.neighbours.map(\.mac.description))
            #expect(stations.isSuperset(of: ["02:00:00:00:00:01", "02:00:00:00:00:0c"]), "\(stations)")
            let routes = try lab.inside(.client) { try HostNetwork.read() }.routes.map {
                "\($0.destination) \($0.gateway?.description ?? "link")"
            }
            #expect(routes.filter { !$0.hasSuffix("link") } == ["10.9.0.1/32 10.9.1.1", "fd09::1/128 fd09:1::1"])
            #expect(Set(routes).isSuperset(of: ["10.9.1.0/24 link", "fd09:3::/64 link"]), "\(routes)")
        }

        /// Each failure says what to do.
        @Test(arguments: [("nowhere0", "there is no such interface")])
        func saysWhatIsMissing(interface: String, remedy: String) throws {
            let lab = try NetworkLab(answersReturnThroughBalancer: true)
            defer { lab.remove() }
            let text = try lab.inside(.balancer) { () -> String in
                do {
                    _ = try PacketLink(interface, number: 0)
                    return "opened"
                } catch {
                    return "\(error)"
                }
            }
            #expect(text.contains(interface) && text.contains(remedy), "\(text)")
        }
    }

    /// A balancer in a lab, with a server behind it and a client in front of it.
    final class LabForwarder: Sendable {
        private let lab: NetworkLab
        private let address: String
        private let server: String
        private let listener: LabSocket
        private let isStopped = Atomic(false)
        private let threads = Mutex<[BackgroundTask<Void>]>([])

        init(
            _ lab: NetworkLab, mode: ServiceMode, version: IPVersion, findsNeighbours: Bool = false
        ) throws {
            self.lab = lab
            let isV4 = version == .v4
            address = isV4 ? NetworkLab.service4 : NetworkLab.service6
            let backend = isV4 ? "10.9.2.10" : "fd09:2::10"
            server = mode.isNAT ? backend : address
            listener = try lab.inside(.backend) { [server] in try LabSocket.serve(server, 7, isStream: true) }
            var configuration = try Self.configuration(
                try lab.inside(.balancer) { try HostNetwork.read() }, mode: mode, address: address, backend: backend,
                isV4: isV4)
            if findsNeighbours { configuration.neighbours = [] }
            let control = try ForwardingControl(configuration)
            if findsNeighbours {
                try start(.balancer) { stop in try NeighbourService(control).run(until: stop) }
            }
            try start(.balancer) { stop in
                try ForwardingWorker(control, interfaces: ["a0", "b0"]).run(until: stop)
            }
            guard mode.isTunnel else { return }
            try start(.backend) { [address] stop in
                guard let source = IPPrefix(isV4 ? "10.9.2.1" : "fd09:2::1"), let inner = IPPrefix(address) else {
                    return
                }
                let device = try TunnelDevice("t0")
                try lab.on(.backend, "link", "set", "t0", "up")
                let end = try TunnelEnd(
                    from: "e0", to: device, TunnelReceiver(outerSources: [source], innerDestinations: [inner]))
                try end.run(until: stop)
            }
        }

        private static func configuration(
            _ network: HostNetwork, mode: ServiceMode, address: String, backend: String, isV4: Bool
        ) throws -> ForwardingConfiguration {
            guard let prefix = IPPrefix(address), let backend = IPAddress(backend) else { throw LabError("an address") }
            let interfaces = ["a0", "b0"].compactMap { network.interfaceConfiguration(of: $0) }
            var configuration = ForwardingConfiguration(interfaces: interfaces, services: [])
            configuration.neighbours = network.neighbours(of: configuration)
            configuration.tunnelSource = TunnelSource(ipv4: IPAddress("10.9.2.1"), ipv6: IPAddress("fd09:2::1"))
            for transport in [ServiceTransport.tcp, .udp] {
                var service = ServiceConfiguration(
                    name: transport.rawValue, transport: transport, address: prefix, port: 7, mode: mode,
                    backends: [BackendConfiguration(name: "e0", address: backend, port: 7)])
                if mode == .fullNAT {
                    service.sourceAddresses = [IPAddress(isV4 ? "10.9.2.99" : "fd09:2::99")].compactMap(\.self)
                    service.sourcePorts = SourcePortRange(10_000, 20_000)
                }
                configuration.services.append(service)
            }
            return configuration
        }

        private func start(
            _ host: NetworkLab.Host, _ body: @escaping @Sendable (_ stop: () -> Bool) throws -> Void
        ) throws {
            let task = try lab.begin(host) { [self] in
                try body { isStopped.load(ordering: .relaxed) }
            }
            threads.withLock { $0.append(task) }
        }

        func stop() {
            isStopped.store(true, ordering: .relaxed)
            for thread in threads.withLock({ $0 }) { _ = try? thread.wait() }
        }

        /// The client sends `byteCount` bytes and gets as many; both ends know what they should be.
        func transfer(byteCount: Int) throws {
            let serving = try lab.begin(.backend) { [listener] in
                guard let connection = listener.accept() else { throw LabError("nobody came") }
                try Self.expect(connection, Payload(seed: 1), byteCount: byteCount)
                try Self.send(connection, Payload(seed: 2), byteCount: byteCount)
            }
            try lab.inside(.client) { [address] in
                let connection = try LabSocket.connect(address, 7, isStream: true)
                try Self.send(connection, Payload(seed: 1), byteCount: byteCount)
                try Self.expect(connection, Payload(seed: 2), byteCount: byteCount)
            }
            try serving.wait()
        }

        private static func send(_ connection: LabSocket, _ payload: consuming Payload, byteCount: Int) throws {
            var left = byteCount
            while left > 0 {
                let part = payload.next(min(left, 65_536))
                try connection.send(part)
                left -= part.count
            }
            connection.finish()
        }

        private static func expect(_ connection: LabSocket, _ payload: consuming Payload, byteCount: Int) throws {
            var received = 0
            var waiting: [UInt8] = []
            while true {
                let bytes = try connection.receive(65_536)
                if bytes.isEmpty { break }
                received += bytes.count
                while waiting.count < bytes.count { waiting += payload.next(65_536) }
                guard waiting.starts(with: bytes) else { throw LabError("other bytes than were sent") }
                waiting.removeFirst(bytes.count)
            }
            guard received == byteCount else { throw LabError("\(received) of \(byteCount) bytes") }
        }

        /// The client sends a datagram and gets it back.
        func echo(byteCount: Int) throws {
            let socket = try lab.inside(.backend) { [server] in
                try LabSocket.serve(server, 7, isStream: false)
            }
            let echoing = try lab.begin(.backend) { socket.echo() }
            defer { _ = try? echoing.wait() }
            try lab.inside(.client) { [address] in
                var payload = Payload(seed: 3)
                let sent = payload.next(byteCount)
                let connection = try LabSocket.connect(address, 7, isStream: false, patience: 1)
                // A first large datagram may only tell the client how small the way is.
                for _ in 0..<30 {
                    do {
                        try connection.send(sent)
                        guard try connection.receive(65_535) == sent else { throw LabError("another datagram") }
                        connection.sendNothing()
                        return
                    } catch {
                        continue
                    }
                }
                throw LabError("no answer to \(byteCount) bytes")
            }
        }
    }
#endif
