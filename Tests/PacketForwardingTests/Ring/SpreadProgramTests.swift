#if os(Linux)
    import LoadBalancing
    import Testing

    @testable import PacketForwarding

    /// The kernel's program chooses the worker that ``WorkerSpread`` says.
    @Suite struct SpreadProgramTests {
        private static let addresses: [IPAddress] = [IPVersion.v4, .v6].flatMap { version in
            [Frames.service(version), EngineScene.source(version)] + (0..<3).map { EngineScene.backend(version, $0) }
                + (0..<8).map { EngineScene.client(version, $0) }
        }

        /// A scene with services of prefixes and with one source address for each worker.
        private static func scene(_ mode: ServiceMode, workers: Int) throws -> EngineScene {
            var configuration = try EngineScene(mode).configuration
            configuration.fleet.seed = 0x1234_5678_9ABC_DEF0
            for index in configuration.services.indices where mode == .fullNAT {
                let isV4 = configuration.services[index].address.address.version == .v4
                configuration.services[index].sourceAddresses = (0..<UInt64(workers)).map { number in
                    isV4
                        ? IPAddress(v4: 0x0A00_0064 + UInt32(number)) : IPAddress(v6: 0xFD00 << 48, 0x64 + number)
                }
            }
            if !mode.isNAT {
                for (number, prefix) in ["2001:db8:77::/48", "203.0.113.0/24", "2001:db8::40:0/107"].enumerated() {
                    var service = configuration.services[prefix.contains(":") ? 1 : 0]
                    service.name = "prefix \(number)"
                    service.address = try #require(IPPrefix(prefix))
                    configuration.services.append(service)
                }
            }
            return try EngineScene(configuration)
        }

        /// Some of the random packets are longer, some are not.
        private static let longest = 60

        private static func answer(_ machine: FilterMachine, _ frame: [UInt8]) -> UInt32? {
            machine.run(Array(frame.dropFirst(14)), etherType: UInt16(frame[12]) << 8 | UInt16(frame[13]))
        }

        @Test(
            arguments: [(ServiceMode.nat, 2), (.fullNAT, 3), (.fullNAT, 40), (.ipip, 8), (.dsr, 70)],
            [IPVersion.v4, .v6])
        func choosesAsTheEngineWants(scene: (mode: ServiceMode, workers: Int), version: IPVersion) throws {
            let (mode, workers) = scene
            let control = try Self.scene(mode, workers: workers).control
            let spread = WorkerSpread(control, workers: workers)
            let flooded = (0..<workers).map { $0 % 3 == 1 }
            let program = try #require(
                SpreadProgram(SpreadRules(control, workers: workers), flooded: flooded, longest: Self.longest).program)
            let machine = FilterMachine(program)
            let more =
                [0xCB00_7105, 0xCB00_72FF, 0x0A00_0065].map { IPAddress(v4: $0) }
                + [IPAddress(v6: 0x2001_0DB8_0077_0001, 9), IPAddress(v6: 0x2001_0DB8_0000_0000, 0x41_FFFF)]
            var packets = RandomPackets(seed: UInt64(workers), version: version, known: Self.addresses + more)
            var kinds: [String: Set<UInt32>] = [:]
            for number in 0..<2_000 {
                let (kind, frame) = packets.next()
                guard let answer = Self.answer(machine, frame) else {
                    Issue.record("packet \(number), \(kind): the kernel would refuse the program")
                    return
                }
                kinds[kind, default: []].insert(answer)
                guard let worker = withFrame(frame, { spread.worker(for: $0) }) else {
                    #expect(answer < 3 * workers)
                    continue
                }
                let isLong = frame.count - 14 > Self.longest
                let expected = UInt32(3 * worker + (flooded[worker] ? 1 : isLong ? 2 : 0))
                #expect(answer == expected, "packet \(number), \(kind): \(frame)")
                if answer != expected { return }
            }
            #expect(kinds.count == 8)
            for (kind, answers) in kinds { #expect(answers.count >= min(workers, 20), "\(kind)") }
        }

        /// What is no packet, or cut short, is the first worker's.
        @Test(
            arguments: [
                (packet: [], etherType: 0x0806), ([0x45, 0], 0x0800), ([0x60, 0], 0x86DD),
                ([0x65] + Array(repeating: 0, count: 19), 0x0800),
            ] as [(packet: [UInt8], etherType: UInt16)])
        func leavesTheRestToTheFirst(packet: [UInt8], etherType: UInt16) throws {
            let control = try Self.scene(.dsr, workers: 4).control
            let program = try #require(
                SpreadProgram(
                    SpreadRules(control, workers: 4), flooded: [true, false, false, false], longest: Self.longest
                ).program)
            let answer = try #require(FilterMachine(program).run(packet, etherType: etherType))
            #expect(answer <= 1)
        }

        /// The shares of clients that lie next to one another, which fit a binomial distribution's four standard deviations.
        @Test(arguments: [IPVersion.v4, .v6], [2, 3, 8])
        func givesWorkersEqualShares(version: IPVersion, workers: Int) {
            let clients = 30_000
            var counts = Array(repeating: 0, count: workers)
            for number in 0..<clients {
                let client =
                    version == .v4
                    ? IPAddress(v4: 0x0A00_0000 + UInt32(number)) : IPAddress(v6: 0x2001 << 48, UInt64(number) << 16)
                counts[ClientShare.worker(of: client, seed: 7, workers: workers)] += 1
            }
            let mean = Double(clients) / Double(workers)
            for count in counts { #expect(abs(Double(count) - mean) < 4 * mean.squareRoot(), "\(counts)") }
        }

        @Test func thousandsOfAddressesStillFit() throws {
            for (count, fits) in [(1_000, true), (5_000, false)] {
                let served = (0..<count).map { IPAddress(v4: 0x0A00_0000 + 7 * UInt32($0)).prefix }
                let rules = SpreadRules(served, sources: [], seed: 0, workers: 2)
                let program = SpreadProgram(rules, flooded: [false, false], longest: 1_500).program
                #expect((program != nil) == fits, "\(count)")
                guard let machine = program.map(FilterMachine.init) else { continue }
                for number in 0..<UInt32(2_000) {
                    let address = IPAddress(v4: 0x0A00_0000 + number)
                    let isServed = number % 7 == 0
                    let frame = Frames.ip(.v4, .gre, [], to: address)
                    let client = isServed ? Frames.client4 : address
                    let worker = ClientShare.worker(of: client, seed: 0, workers: 2)
                    #expect(Self.answer(machine, frame) == UInt32(3 * worker), "\(address)")
                }
            }
        }
    }
#endif
