#if os(Linux)
    import Foundation
    import LoadBalancing
    import PacketForwarding

    @testable import Layer4Lab

    /// Workers of a lab's balancer, with a TCP and a UDP service of each version on port 7.
    final class LabWorkers: Sendable {
        let lab: NetworkLab
        let control: ForwardingControl
        let workers: ForwardingWorkers
        let mode: ServiceMode

        init(
            _ lab: NetworkLab, mode: ServiceMode, options: WorkerOptions = WorkerOptions(),
            interfaces: [String] = ["a0", "b0"], edit: (inout ForwardingConfiguration) -> Void = { _ in }
        ) throws {
            let network = try lab.inside(.balancer) { try HostNetwork.read() }
            var configuration = ForwardingConfiguration(
                interfaces: interfaces.compactMap { network.interfaceConfiguration(of: $0) },
                tunnelSource: TunnelSource(ipv4: IPAddress("10.9.2.1"), ipv6: IPAddress("fd09:2::1")), services: [])
            configuration.neighbours = network.neighbours(of: configuration)
            for address in [NetworkLab.service4, NetworkLab.service6] {
                configuration.services += try Self.services(at: address, mode: mode)
            }
            edit(&configuration)
            control = try ForwardingControl(configuration)
            self.lab = lab
            self.mode = mode
            workers = try lab.inside(.balancer) { [control] in
                try ForwardingWorkers(control, options: options, capacity: EngineCapacity(fragments: 64))
            }
            try workers.start()
        }

        /// A service for each transport at an address, with the lab's backend behind it.
        static func services(at address: String, mode: ServiceMode) throws -> [ServiceConfiguration] {
            let isV4 = !address.contains(":")
            guard let prefix = IPPrefix(address), let backend = IPAddress(isV4 ? "10.9.2.10" : "fd09:2::10") else {
                throw LabError("an address: \(address)")
            }
            return [ServiceTransport.tcp, .udp].map { transport in
                ServiceConfiguration(
                    name: "\(transport.rawValue) \(address)", transport: transport, address: prefix, port: 7,
                    mode: mode,
                    backends: [BackendConfiguration(name: "e0", address: backend, port: 7)])
            }
        }

        /// Where the backend listens for what is sent to `address`.
        func server(for address: String) -> String {
            guard mode.isNAT else { return address }
            return address.contains(":") ? "fd09:2::10" : "10.9.2.10"
        }

        /// The client sends `byteCount` bytes to an address, and the backend gets them as they were.
        func transfer(byteCount: Int, to address: String) throws {
            let listener = try lab.inside(.backend) { [server = server(for: address)] in
                try LabSocket.serve(server, 7, isStream: true)
            }
            let serving = try lab.begin(.backend) {
                guard let connection = listener.accept() else { throw LabError("nobody came") }
                var payload = Payload(seed: 5)
                var expected: [UInt8] = []
                var received = 0
                while true {
                    let bytes = try connection.receive(65_536)
                    if bytes.isEmpty { break }
                    while expected.count < bytes.count { expected += payload.next(65_536) }
                    guard expected.starts(with: bytes) else { throw LabError("other bytes than were sent") }
                    expected.removeFirst(bytes.count)
                    received += bytes.count
                }
                guard received == byteCount else { throw LabError("\(received) of \(byteCount) bytes") }
            }
            let sending = try lab.begin(.client) {
                let connection = try LabSocket.connect(address, 7, isStream: true)
                var payload = Payload(seed: 5)
                var left = byteCount
                while left > 0 {
                    let part = payload.next(min(left, 65_536))
                    try connection.send(part)
                    left -= part.count
                }
                connection.finish()
            }
            // Both are waited for, whatever becomes of the first.
            let sent = Result { try sending.wait() }
            try serving.wait()
            try sent.get()
        }

        /// The client sends a datagram to an address and gets it back.
        func echo(byteCount: Int, at address: String) throws {
            let socket = try lab.inside(.backend) { [server = server(for: address)] in
                try LabSocket.serve(server, 7, isStream: false)
            }
            let echoing = try lab.begin(.backend) { socket.echo() }
            defer { _ = try? echoing.wait() }
            try lab.inside(.client) {
                var payload = Payload(seed: 3)
                let sent = payload.next(byteCount)
                let connection = try LabSocket.connect(address, 7, isStream: false)
                defer { connection.sendNothing() }
                try connection.send(sent)
                guard try connection.receive(65_535) == sent else { throw LabError("another datagram") }
            }
        }

        /// How many flows of datagrams each worker has.
        var datagramFlows: [Int] {
            (0..<workers.count).map { index in
                workers.withEngine(of: index) { $0.statistics.snapshot().flows.datagrams }
            }
        }
    }
#endif
