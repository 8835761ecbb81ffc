import LoadBalancing
import Testing

@testable import PacketForwarding

/// Services with all ports of an address, or all addresses of a prefix: flows are told apart by where they go.
struct WideServiceTests {
    private static func lab(
        _ version: IPVersion, port: UInt16?, bitCount: Int, _ mode: ServiceMode = .dsr,
        besides others: [ServiceConfiguration] = []
    ) throws -> EngineLab {
        var service = EngineLab.service(mode, version, backends: 4)
        service.address = try #require(IPPrefix(Frames.service(version), bitCount: bitCount))
        service.port = port
        for index in service.backends.indices { service.backends[index].port = port ?? 0 }
        return try EngineLab([service] + others)
    }

    /// Another address of the service's prefix.
    private static func neighbour(_ address: IPAddress) -> IPAddress {
        address.version == .v4 ? IPAddress(v4: address.v4Bits ^ 1) : IPAddress(v6: address.high, address.low ^ 1)
    }

    /// The station that a frame was sent to.
    private static func station(_ sent: [[UInt8]]) -> [UInt8]? { sent.first.map { Array($0.prefix(6)) } }

    @Test(
        arguments: [
            (.v4, nil, 32), (.v6, nil, 128), (.v4, 80, 24), (.v6, 80, 64), (.v4, nil, 24), (.v6, nil, 64),
        ] as [(IPVersion, UInt16?, Int)])
    func oneClientsPortMayHaveAFlowToEachAddressAndPort(version: IPVersion, port: UInt16?, bitCount: Int) throws {
        var lab = try Self.lab(version, port: port, bitCount: bitCount)
        let client = Frames.clientEnd(40_001, version)
        let address = Frames.service(version)
        var ends = [Endpoint(address, port ?? 80)]
        if port == nil { ends += [Endpoint(address, 443), Endpoint(address, 0)] }
        if bitCount < address.bitWidth { ends += ends.map { Endpoint(Self.neighbour($0.address), $0.port) } }
        // Each has a turn of its own, so neighbours in the order have other backends.
        var stations: [[UInt8]?] = []
        for end in ends { stations.append(Self.station(lab.process(Frames.segment(client, end, .syn)).sent)) }
        #expect(lab.engine.table.counts.halfOpen == ends.count)
        for index in ends.indices.dropFirst() { #expect(stations[index] != stations[index - 1]) }
        for (end, station) in zip(ends, stations) {
            #expect(Self.station(lab.process(Frames.segment(client, end, .ack)).sent) == station)
        }
        #expect(lab.engine.table.counts.established == ends.count)
        // What ends one of them ends no other.
        _ = lab.process(Frames.segment(client, ends[0], .rst))
        let counts = lab.engine.table.counts
        #expect(counts.closing == 1)
        #expect(counts.established == ends.count - 1)
        let explanation = lab.explain(Frames.segment(client, ends[1], .ack))
        #expect(explanation.verdict == .send)
        #expect(explanation.flow?.standing == .established)
    }

    @Test(arguments: [IPVersion.v4, .v6])
    func aServiceOfAllPortsAndOneOfOneDoNotShareFlows(version: IPVersion) throws {
        var other = EngineLab.service(.dsr, version, backends: 4, name: "one")
        other.backends = Array(other.backends.suffix(1))
        var lab = try Self.lab(version, port: nil, bitCount: version == .v4 ? 32 : 128, besides: [other])
        let client = Frames.clientEnd(40_001, version)
        let one = Endpoint(Frames.service(version), 80)
        let any = Endpoint(Frames.service(version), 81)
        let first = Self.station(lab.process(Frames.segment(client, one, .syn)).sent)
        let second = Self.station(lab.process(Frames.segment(client, any, .syn)).sent)
        #expect(first == [2, 0, 0, 0, 0, 14])
        #expect(second == [2, 0, 0, 0, 0, 11])
        #expect(lab.engine.table.counts.halfOpen == 2)
    }

    /// A router's error names the end that the flow goes to.
    @Test(arguments: [IPVersion.v4, .v6])
    func errorsFollowTheFlowTheyAreAbout(version: IPVersion) throws {
        var lab = try Self.lab(version, port: nil, bitCount: version == .v4 ? 24 : 64)
        let client = Frames.clientEnd(40_001, version)
        let ends = [80, 443].map { Endpoint(Frames.service(version), $0) }
        let stations = ends.map { Self.station(lab.process(Frames.segment(client, $0, .syn)).sent) }
        for (end, station) in zip(ends, stations) {
            let quote = Frames.segment(end, client, .ack)[14...]
            let error = QuotedPacketTests.error(version, quoting: quote)
            #expect(Self.station(lab.process(error).sent) == station)
        }
    }
}
