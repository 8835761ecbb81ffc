import LoadBalancing
import Testing

@testable import PacketForwarding

@Suite struct SourcePortsTests {
    /// Sources of their own memory, with groups 0 to 3: the first two toward one endpoint but of two protocols.
    private func withSources(
        pages: Int = 100, rests: Int = 10_000, ports: ClosedRange<UInt16>, addresses: ClosedRange<UInt16> = 3...3,
        _ body: (inout SourcePorts) -> Void
    ) {
        let shape = SourcePortShape(groups: 4, pages: pages, rests: rests)
        let allocation = TableAllocation(byteCount: shape.byteCount)
        var sources = SourcePorts(allocation.memory, shape, secret: SipKey(1, 2))
        for group in 0..<4 as Range<UInt32> {
            sources.configure(
                group: group, SourceRange(addresses: addresses, ports: ports), endpoint: group / 2,
                transport: group % 2 == 0 ? .tcp : .udp)
        }
        body(&sources)
        _ = consume allocation
    }

    private func take(_ sources: inout SourcePorts, _ group: UInt32 = 0, at ticks: UInt32 = 0) -> UInt16? {
        sources.take(from: group, now: FlowTime(ticks: ticks))?.port
    }

    private func release(_ sources: inout SourcePorts, _ port: UInt16, at ticks: UInt32 = 0) {
        sources.release(FlowSource(address: 3, port: port), to: 0, now: FlowTime(ticks: ticks))
    }

    @Test func whatWasUnusedTheLongestComesFirst() {
        withSources(ports: 100...103) { sources in
            #expect(take(&sources) == 100)
            release(&sources, 100)
            #expect(take(&sources) == 101)
            #expect(take(&sources) == 102)
            #expect(take(&sources) == 103)
            #expect(take(&sources) == 100)
            #expect(take(&sources) == nil)
            release(&sources, 102)
            release(&sources, 100)
            #expect(take(&sources) == 102)
            release(&sources, 102)
            #expect(take(&sources) == 100)
            #expect(take(&sources) == 102)
            #expect(take(&sources) == nil)
        }
    }

    @Test func aPortRestsAfterItsRelease() {
        withSources(ports: 100...100) { sources in
            sources.rest = FlowTimeout(ticks: 50)
            #expect(take(&sources, at: 0xFFFF_FFF0) == 100)
            release(&sources, 100, at: 0xFFFF_FFFA)
            #expect(take(&sources, at: 0xFFFF_FFFA) == nil)
            #expect(take(&sources, at: 43) == nil)
            #expect(take(&sources, at: 44) == 100)
        }
    }

    @Test func groupsTowardOtherEndpointsAndProtocolsHaveTheSamePorts() {
        withSources(ports: 7...7) { sources in
            for group in 0..<4 as Range<UInt32> {
                #expect(take(&sources, group) == 7)
                #expect(take(&sources, group) == nil)
            }
        }
    }

    @Test func aGroupThatIsNotConfiguredHasNone() {
        let shape = SourcePortShape(groups: 1, pages: 1, rests: 1)
        let allocation = TableAllocation(byteCount: shape.byteCount)
        var sources = SourcePorts(allocation.memory, shape, secret: SipKey(1, 2))
        #expect(take(&sources) == nil)
        #expect(take(&sources, 1) == nil)
        _ = consume allocation
    }

    @Test func allPortsOfAllAddressesAreGiven() {
        withSources(pages: 256, ports: 0...65535, addresses: 5...6) { sources in
            for address in [5, 6] as [UInt16] {
                for port in 0...65535 as ClosedRange<UInt16> {
                    let source = sources.take(from: 1, now: FlowTime(ticks: 0))
                    guard source == FlowSource(address: address, port: port) else {
                        Issue.record("\(String(describing: source)) is not \(address):\(port)")
                        return
                    }
                }
            }
            #expect(take(&sources, 1) == nil)
        }
    }

    @Test func withoutRoomForAPageThereIsNoPort() {
        // One page, of which the second port range has a part.
        withSources(pages: 1, ports: 510...514) { sources in
            #expect(take(&sources) == 510)
            #expect(take(&sources) == 511)
            #expect(take(&sources) == nil)
            release(&sources, 510)
            #expect(take(&sources) == 510)
        }
    }

    @Test func aSourceIsOccupiedOnce() {
        withSources(ports: 100...103) { sources in
            let isFree = sources.occupy(FlowSource(address: 3, port: 101), of: 0)
            let isFreeAgain = sources.occupy(FlowSource(address: 3, port: 101), of: 0)
            // Those that the group gave when it had other addresses and ports.
            let others = [FlowSource(address: 4, port: 101), FlowSource(address: 3, port: 104)]
            let areFree = others.map { sources.occupy($0, of: 0) }
            let areFreeAgain = others.map { sources.occupy($0, of: 0) }
            #expect(isFree && !isFreeAgain && areFree == [true, true] && areFreeAgain == [false, false])
            #expect([take(&sources), take(&sources), take(&sources), take(&sources)] == [100, 102, 103, nil])
        }
    }

    /// With `rests` for all, the order is exact; with fewer, each port is given once and none is missed.
    @Test(arguments: 0..<24 as Range<UInt64>)
    func agreesWithAQueue(seed: UInt64) {
        var random = Noise(seed: seed)
        let ports: ClosedRange<UInt16> = [5...5, 500...530, 400...1700][Int(seed % 3)]
        let rests = seed % 2 == 0 ? 100_000 : [1, 20, 300][Int(seed / 2 % 3)]
        let rest = seed % 4 < 2 ? 0 : UInt32.random(in: 1..<3000, using: &random)
        withSources(rests: rests, ports: ports) { sources in
            if rest > 0 { sources.rest = FlowTimeout(ticks: rest) }
            // Free ports, that which was unused the longest first, with the time of their release; then those in use.
            var free = ports.map { (port: $0, since: Int.min / 2) }
            var used: [UInt16] = []
            var now = Int(UInt32.max) - 20_000
            let isExact = rests == 100_000
            for _ in 0..<4000 {
                now += Int.random(in: 0..<20, using: &random)
                let time = FlowTime(ticks: UInt32(truncatingIfNeeded: now))
                if !used.isEmpty, Int.random(in: 0..<ports.count * 2, using: &random) < used.count {
                    let port = used.remove(at: Int.random(in: 0..<used.count, using: &random))
                    sources.release(FlowSource(address: 3, port: port), to: 0, now: time)
                    free.append((port, now))
                } else {
                    let port = sources.take(from: 0, now: time)?.port
                    if let port { used.append(port) }
                    let first = free.first.flatMap { $0.since + Int(rest) <= now ? $0.port : nil }
                    if isExact {
                        #expect(port == first, "seed \(seed)")
                    } else if let port {
                        #expect(free.contains { $0.port == port }, "seed \(seed)")
                    } else {
                        #expect(first == nil, "seed \(seed)")
                    }
                    free.removeAll { $0.port == port }
                }
            }
        }
    }
}
