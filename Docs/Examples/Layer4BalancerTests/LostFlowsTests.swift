import LoadBalancing
import PacketForwarding
import Testing

@testable import Layer4Balancer

/// Which reloads would cost flows that there are.
struct LostFlowsTests {
    private static func service() throws -> ServiceConfiguration {
        ServiceConfiguration(
            name: "web", transport: .tcp, address: try #require(IPPrefix("203.0.113.1")), port: 80, mode: .nat,
            backends: try [1, 2].map {
                BackendConfiguration(name: "b\($0)", address: try #require(IPAddress("10.0.0.\($0)")), port: 80)
            })
    }

    /// Two flows of the first backend.
    private static func snapshot(_ state: BackendState = .up) throws -> ForwardingSnapshot {
        let services = [try service()]
        let control = try ForwardingControl(
            ForwardingConfiguration(
                interfaces: [InterfaceConfiguration(name: "eth0", mac: MACAddress(bits: 2))],
                limits: ForwardingLimits(flows: 100), services: services))
        let engine = ForwardingEngine(control, now: BootTime.now)
        var snapshot = engine.statistics.snapshot()
        snapshot.services[0].backends[0].flows.established = 2
        snapshot.services[0].backends[0].state = state
        return snapshot
    }

    enum Change: CaseIterable, Sendable {
        case nothing, weight, address, port, transport, mode, name, backendAddress, backendName, backend, removal
        case otherBackend

        func apply(to services: inout [ServiceConfiguration]) throws {
            switch self {
            case .nothing: break
            case .weight: services[0].backends[0].weight = 7
            case .address: services[0].address = try #require(IPPrefix("203.0.113.2"))
            case .port: services[0].port = 81
            case .transport: services[0].transport = .udp
            case .mode: services[0].mode = .dsr
            case .name: services[0].name = "shop"
            case .backendAddress: services[0].backends[0].address = try #require(IPAddress("10.0.0.9"))
            case .backendName: services[0].backends[0].name = "other"
            case .backend: services[0].backends.removeFirst()
            case .removal: services = []
            case .otherBackend: services[0].backends[1].address = try #require(IPAddress("10.0.0.9"))
            }
        }

        var reason: LostFlows.Reason? {
            switch self {
            case .nothing, .weight, .backend, .removal, .otherBackend: nil
            case .address, .port, .transport: .serviceMoves
            case .mode: .modeChanges
            case .backendAddress: .backendMoves
            case .name, .backendName: .isReplaced
            }
        }
    }

    @Test(arguments: Change.allCases)
    func areThoseOfWhatMovesOrIsReplaced(change: Change) throws {
        let old = [try Self.service()]
        var new = old
        try change.apply(to: &new)
        var leaving = LeavingBackends()
        leaving.add(from: old, to: new, until: Timestamp(nanoseconds: 10))
        let joined = leaving.joining(new).services
        let lost = LostFlows(from: old, to: joined, try Self.snapshot())
        #expect(lost?.reason == change.reason)
        if let lost {
            #expect(lost.count == 2)
            #expect(lost.error.description.hasPrefix(#"service "web", backend "b1": 2 flows would be lost, because "#))
        }
        #expect(LostFlows(from: old, to: joined, ForwardingSnapshot()) == nil, "nobody has anything to lose")
        #expect(LostFlows(from: old, to: joined, try Self.snapshot(.down)) == nil, "they are lost already")
    }
}
