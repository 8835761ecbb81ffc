import LoadBalancing
import PacketForwarding
import Testing

@testable import Layer4Balancer

struct LeavingBackendsTests {
    private static func service(_ name: String, _ backends: [Int], port: UInt16 = 80) throws -> ServiceConfiguration {
        ServiceConfiguration(
            name: name, transport: .tcp, address: try #require(IPPrefix("203.0.113.1")), port: port, mode: .nat,
            backends: try backends.map {
                BackendConfiguration(name: "b\($0)", address: try #require(IPAddress("10.0.0.\($0)")), port: 80)
            })
    }

    private static let soon = Timestamp(nanoseconds: 10)

    @Test func stayWithoutNewFlowsUntilTheirTimeIsOver() throws {
        let (old, new) = (try Self.service("web", [1, 2]), try Self.service("web", [2]))
        var leaving = LeavingBackends()
        leaving.add(from: [old], to: [new], until: Self.soon)
        let (services, names) = leaving.joining([new])
        #expect(services[0].backends.map(\.name) == ["b2", "b1"])
        #expect(services[0].backends.map(\.weight) == [1, 0])
        #expect(names == ["web": ["b1"]])
        leaving.removeThose(without: ForwardingSnapshot(), at: Self.soon)
        #expect(leaving.isEmpty)
    }

    @Test func leaveAtOnceWithoutFlows() throws {
        var leaving = LeavingBackends()
        leaving.add(from: [try Self.service("web", [1])], to: [], until: Self.soon)
        #expect(leaving.joining([]).services.map(\.name) == ["web"])
        #expect(leaving.joining([]).services.map(\.announce) == [[]], "the address is given up at once")
        leaving.removeThose(without: ForwardingSnapshot(), at: Timestamp(nanoseconds: 1))
        #expect(leaving.isEmpty)
    }

    /// Whoever takes the place of another one has it at once.
    @Test func areInNobodysWay() throws {
        let (old, other) = (try Self.service("web", [1]), try Self.service("shop", [3]))
        var leaving = LeavingBackends()
        leaving.add(from: [old], to: [other], until: Self.soon)
        #expect(leaving.joining([other]).services == [other])
        var renamed = old
        renamed.backends[0].name = "another"
        leaving = LeavingBackends()
        leaving.add(from: [old], to: [renamed], until: Self.soon)
        #expect(leaving.joining([renamed]).services == [renamed])
    }
}
