import LoadBalancing
import Testing

@testable import PacketForwarding

/// Both directions of a flow, its fragments and errors about it meet in one worker.
@Suite struct WorkerSpreadTests {
    private static let workers = 8

    private func worker(_ bytes: [UInt8], _ spread: WorkerSpread) -> Int? {
        withFrame(bytes) { spread.worker(for: $0) }
    }

    private func icmp(
        _ version: IPVersion, type: UInt8, quoting packet: [UInt8], to receiver: IPAddress, from router: IPAddress
    ) -> [UInt8] {
        let message = [type, version == .v4 ? 4 : 0, 0, 0, 0, 0, 5, 0] + packet.dropFirst(14)
        return Frames.ip(version, version == .v4 ? .icmp : .icmpv6, message, from: router, to: receiver)
    }

    @Test(arguments: [IPVersion.v4, .v6])
    func bothDirectionsAndErrorsMeet(version: IPVersion) throws {
        let spread = WorkerSpread(try EngineScene(.nat).control, workers: Self.workers)
        let router = EngineScene.backend(version, 2)
        var used: Set<Int> = []
        for number in 0..<8 {
            let client = EngineScene.client(version, number)
            let backend = EngineScene.backend(version, number % 3)
            let request = Frames.ip(
                version, .udp, Frames.big(7 as UInt16) + Frames.big(80 as UInt16) + [0, 8, 1, 1], from: client)
            let worker = try #require(self.worker(request, spread))
            used.insert(worker)
            let answer = Frames.ip(
                version, .udp, Frames.big(80 as UInt16) + Frames.big(7 as UInt16) + [0, 8, 1, 1], from: backend,
                to: client)
            #expect(self.worker(answer, spread) == worker)
            // What the service sent, of which a router tells the service; and what the backend was sent, of which it tells the client.
            let sent = Frames.ip(
                version, .udp, Frames.big(80 as UInt16) + Frames.big(7 as UInt16) + [0, 8, 1, 1],
                from: Frames.service(version), to: client)
            let type: UInt8 = version == .v4 ? 3 : 2
            let service = Frames.service(version)
            #expect(self.worker(icmp(version, type: type, quoting: sent, to: service, from: router), spread) == worker)
            let forwarded = Frames.ip(
                version, .udp, Frames.big(7 as UInt16) + Frames.big(80 as UInt16) + [0, 8, 1, 1], from: client,
                to: backend)
            #expect(
                self.worker(icmp(version, type: type, quoting: forwarded, to: client, from: router), spread) == worker)
        }
        #expect(used.count > 2)
        #expect(used.isSubset(of: Set(0..<Self.workers)))
    }

    @Test func fragmentsGoWhereTheFirstGoes() throws {
        let spread = WorkerSpread(try EngineScene(.dsr).control, workers: Self.workers)
        for number in 0..<8 {
            let client = EngineScene.client(.v4, number)
            let whole = Frames.ip(
                .v4, .udp, Frames.big(7 as UInt16) + Frames.big(80 as UInt16) + [0, 8, 1, 1], from: client)
            var later = whole
            later.replaceSubrange(20..<22, with: [0x00, 0x05])
            later.replaceSubrange(24..<26, with: [0, 0])
            later.replaceSubrange(24..<26, with: Frames.big(~UInt16(ReferenceChecksums.sum(Array(later[14..<34])))))
            #expect(worker(later, spread) == worker(whole, spread))
        }
    }

    @Test func messagesAboutTunnelsAreForAll() throws {
        let spread = WorkerSpread(try EngineScene(.ipip).control, workers: Self.workers)
        let source = try #require(IPAddress("10.0.0.1"))
        let outer = Frames.ip(
            .v4, .ipv4, Array(repeating: 0x45, count: 28), from: source, to: EngineScene.backend(.v4, 1))
        #expect(
            worker(icmp(.v4, type: 3, quoting: outer, to: source, from: EngineScene.backend(.v4, 1)), spread) == nil)
    }

    @Test func whatIsNoPacketIsTheFirstWorkers() throws {
        let spread = WorkerSpread(try EngineScene(.dsr).control, workers: Self.workers)
        #expect(worker([1, 2, 3], spread) == 0)
        #expect(worker(Array(repeating: 0xFF, count: 12) + [0x08, 0x06] + Array(repeating: 0, count: 28), spread) == 0)
    }

    /// Full NAT's answers name no client: each worker has source addresses of its own.
    @Test(arguments: [2, 3])
    func fullNATsAnswersComeToTheWorkerThatSentThem(workers: Int) throws {
        var configuration = try EngineScene(.fullNAT).configuration
        for index in configuration.services.indices {
            let isV4 = configuration.services[index].address.address.version == .v4
            configuration.services[index].sourceAddresses = (0..<5).map { number in
                isV4 ? IPAddress(v4: 0x0A00_0064 + UInt32(number)) : IPAddress(v6: 0xFD00 << 48, 0x64 + UInt64(number))
            }
        }
        let scene = try EngineScene(configuration)
        let spread = WorkerSpread(scene.control, workers: workers)
        var sources: [Set<UInt32>] = []
        for number in 0..<workers {
            var engine = scene.engine(WorkerNumber(number, of: workers))
            var mine: Set<UInt32> = []
            for client in 0..<8 {
                for port in 0..<40 as Range<UInt16> {
                    let bytes = Frames.ip(
                        .v4, .udp, Frames.big(port) + Frames.big(80 as UInt16) + [0, 8, 1, 1],
                        from: EngineScene.client(.v4, client))
                    guard let sent = engine.send(bytes) else { continue }
                    let source =
                        UInt32(sent[26]) << 24 | UInt32(sent[27]) << 16 | UInt32(sent[28]) << 8 | UInt32(sent[29])
                    mine.insert(source)
                    let answer = Frames.ip(
                        .v4, .udp, Array(sent[36..<38] + sent[34..<36]) + [0, 8, 1, 1],
                        from: IPAddress(v4: 0x0A00_0010), to: IPAddress(v4: source))
                    #expect(worker(answer, spread) == number)
                }
            }
            #expect(!mine.isEmpty)
            sources.append(mine)
        }
        for (number, mine) in sources.enumerated() {
            for other in sources[(number + 1)...] { #expect(mine.isDisjoint(with: other)) }
        }
    }
}
