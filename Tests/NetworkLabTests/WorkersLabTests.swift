#if os(Linux)
    import LoadBalancing
    import PacketForwarding
    import Testing

    @testable import Layer4Lab

    /// Workers that share the frames of real interfaces.
    @Suite(
        .enabled(if: NetworkLab.obstacle == nil, Comment(rawValue: NetworkLab.obstacle ?? "")), .onLabThreads,
        .serialized)
    struct WorkersLabTests {
        /// A frame from a client to a service, as far as whoever spreads frames looks at it.
        private static func worker(of client: IPAddress, to service: IPAddress, _ spread: WorkerSpread) -> Int? {
            let isV4 = client.version == .v4
            var bytes: [UInt8] = Array(repeating: 2, count: 12) + (isV4 ? [0x08, 0x00] : [0x86, 0xDD])
            bytes += isV4 ? [0x45, 0, 0, 28, 0, 0, 0, 0, 64, 17, 0, 0] : [0x60, 0, 0, 0, 0, 8, 17, 64]
            for address in [client, service] {
                let words = isV4 ? [] : [address.high, address.low]
                bytes += words.flatMap { word in (0..<8).map { UInt8(truncatingIfNeeded: word >> (56 - 8 * $0)) } }
                if isV4 { bytes += (0..<4).map { UInt8(truncatingIfNeeded: address.v4Bits >> (24 - 8 * $0)) } }
            }
            bytes += [0, 9, 0, 7, 0, 8, 0, 1]
            var pool = FramePool(frameCount: 1, byteCount: 256, headroom: 16)
            guard var frame = pool.take() else { return nil }
            _ = unsafe frame.replaceBytes(with: bytes.span.bytes)
            let worker = spread.worker(for: frame)
            pool.put(frame)
            return worker
        }

        /// Each client's flow is in the table of the worker that the engine's rule names, and answers come back to it.
        @Test(arguments: [IPVersion.v4, .v6], [ReceiveMode.slots, .blocks])
        func kernelSpreadsAsTheEngineWants(version: IPVersion, mode: ReceiveMode) throws {
            let lab = try NetworkLab(answersReturnThroughBalancer: true)
            defer { lab.remove() }
            let isV4 = version == .v4
            let service = isV4 ? NetworkLab.service4 : NetworkLab.service6
            let clients = (0..<5).map { isV4 ? "10.9.1.\(20 + $0)" : "fd09:1::\(20 + $0)" }
            for client in clients {
                try lab.on(.client, "addr", "add", isV4 ? "\(client)/24" : "\(client)/64", "dev", "c0")
                try lab.on(.balancer, "neigh", "add", client, "lladdr", "02:00:00:00:00:01", "dev", "a0")
            }
            var options = WorkerOptions(count: 3)
            options.link.mode = mode
            let balancer = try LabWorkers(lab, mode: .nat, options: options)
            defer { balancer.workers.stop() }
            let spread = WorkerSpread(balancer.control, workers: 3)
            var used: Set<Int> = []
            for client in clients {
                let gateway = isV4 ? "10.9.1.1" : "fd09:1::1"
                try lab.on(.client, "route", "replace", service, "via", gateway, "src", client)
                let before = balancer.datagramFlows
                try balancer.echo(byteCount: 100, at: service)
                let changes = zip(balancer.datagramFlows, before).map { $0 - $1 }
                let address = try #require(IPAddress(client))
                let receiver = try #require(IPAddress(service))
                let worker = try #require(Self.worker(of: address, to: receiver, spread))
                used.insert(worker)
                #expect(changes == (0..<3).map { $0 == worker ? 1 : 0 }, "\(client)")
            }
            #expect(used.count > 1)
            #expect(balancer.workers.failure == nil)
        }

        @Test(arguments: [ServiceMode.nat, .dsr], [1, 2])
        func bytesArriveWithAnyNumberOfWorkers(mode: ServiceMode, count: Int) throws {
            let lab = try NetworkLab(answersReturnThroughBalancer: mode == .nat)
            defer { lab.remove() }
            let balancer = try LabWorkers(lab, mode: mode, options: WorkerOptions(count: count, cores: [0, 1]))
            defer { balancer.workers.stop() }
            for service in [NetworkLab.service4, NetworkLab.service6] {
                try balancer.transfer(byteCount: 3_000_000, to: service)
                try balancer.echo(byteCount: 4_000, at: service)
            }
            let statistics = balancer.workers.statistics
            #expect(statistics.allSatisfy { $0.unusable == 0 && $0.refused == 0 }, "\(statistics)")
            #expect(balancer.workers.snapshot.received.packets > 0)
        }

        /// Workers that were stopped and started again go on with their flows; the kernel lets in what a new service wants.
        @Test func followsAnotherConfiguration() throws {
            let lab = try NetworkLab(answersReturnThroughBalancer: true)
            defer { lab.remove() }
            let balancer = try LabWorkers(lab, mode: .nat, options: WorkerOptions(count: 2))
            defer { balancer.workers.stop() }
            try balancer.echo(byteCount: 100, at: NetworkLab.service4)
            let other = "10.9.0.2"
            try lab.on(.client, "route", "add", other, "via", "10.9.1.1")
            #expect(throws: LabError.self) { try balancer.echo(byteCount: 100, at: other) }
            var configuration = balancer.control.configuration
            configuration.services += try LabWorkers.services(at: other, mode: .nat)
            try balancer.workers.update(configuration)
            try balancer.echo(byteCount: 100, at: other)
            balancer.workers.stop()
            try balancer.workers.start()
            try balancer.echo(byteCount: 100, at: other)
            configuration.services.removeAll { $0.address.address == IPAddress(other) }
            try balancer.workers.update(configuration)
            try balancer.echo(byteCount: 100, at: NetworkLab.service4)
            // A change that control is told directly is followed, too.
            configuration.services += try LabWorkers.services(at: other, mode: .nat)
            try balancer.control.update(configuration)
            for _ in 0..<100 where (try? balancer.echo(byteCount: 100, at: other)) == nil {}
            try balancer.echo(byteCount: 100, at: other)
        }

        /// Programs for a thousand services are taken, and keep out what is for none of them.
        @Test func kernelKeepsOutWhatIsForeign() throws {
            let lab = try NetworkLab(answersReturnThroughBalancer: true)
            defer { lab.remove() }
            let balancer = try LabWorkers(lab, mode: .nat, options: WorkerOptions(count: 2)) { configuration in
                for number in 0..<500 {
                    let address = IPAddress(v4: 0x0A0A_0000 + 3 * UInt32(number))
                    for prefix in [IPPrefix("\(address)"), IPPrefix("fd0a::\(String(3 * number, radix: 16))")] {
                        guard let prefix else { continue }
                        configuration.services.append(
                            ServiceConfiguration(
                                name: "\(prefix)", transport: .udp, address: prefix, port: 9, mode: .dsr))
                    }
                }
            }
            defer { balancer.workers.stop() }
            for service in [NetworkLab.service4, NetworkLab.service6] { try balancer.echo(byteCount: 100, at: service) }
            let before = balancer.workers.statistics[0].received
            #expect(before > 0)
            try lab.inside(.client) {
                for address in ["10.9.1.1", "fd09:1::1"] {
                    let connection = try LabSocket.connect(address, 7, isStream: false, patience: 1)
                    for _ in 0..<50 { try? connection.send([1, 2, 3]) }
                }
            }
            try balancer.echo(byteCount: 100, at: NetworkLab.service4)
            // The echo, and a question for the address or two.
            #expect(balancer.workers.statistics[0].received - before < 10)
        }

        @Test func saysWhatWorkersLack() throws {
            let lab = try NetworkLab(answersReturnThroughBalancer: true)
            defer { lab.remove() }
            for (count, edit, words) in [
                (0, { _ in }, "1 to 85"),
                (
                    3,
                    { configuration in
                        configuration.services[0].mode = .fullNAT
                        configuration.services[0].sourceAddresses = [IPAddress("10.9.2.99")].compactMap(\.self)
                        configuration.services[0].sourcePorts = SourcePortRange(1_000, 2_000)
                    }, "has 1 source addresses for 3 workers"
                ),
                (
                    1,
                    { configuration in
                        configuration.interfaces[0].name = "nowhere0"
                        configuration.neighbours = []
                    }, "no such interface"
                ),
            ] as [(Int, (inout ForwardingConfiguration) -> Void, String)] {
                #expect("\(words)") {
                    _ = try LabWorkers(lab, mode: .nat, options: WorkerOptions(count: count), edit: edit)
                } throws: { "\($0)".contains(words) }
            }
        }
    }
#endif
