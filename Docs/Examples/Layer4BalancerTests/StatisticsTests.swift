import Foundation
import PacketForwarding
import Testing

@testable import Layer4Balancer

struct StatisticsTests {
    private static var text: String {
        get throws {
            var configuration = ForwardingConfiguration(
                interfaces: [InterfaceConfiguration(name: "eth0", mac: MACAddress(bits: 2))],
                limits: ForwardingLimits(flows: 100),
                services: [
                    ServiceConfiguration(
                        name: #"a "web""#, transport: .tcp, address: try #require(IPPrefix("203.0.113.1")), port: 80,
                        mode: .nat,
                        backends: [
                            BackendConfiguration(name: "one", address: try #require(IPAddress("10.0.0.1")), port: 80)
                        ])
                ])
            configuration.services[0].flows = 50
            let engine = ForwardingEngine(try ForwardingControl(configuration), now: BootTime.now)
            var snapshot = engine.statistics.snapshot()
            snapshot.flows.halfOpen = 5
            snapshot.flows.established = 15
            snapshot.drops = [.noFlow: 3]
            let service = configuration.services[0].name
            snapshot.services[0].flows = snapshot.flows
            return StatisticsText(
                snapshot: snapshot, interfaces: ["eth0"], links: [], isReady: true, isOutgrown: false,
                standings: [service: [BackendStanding(state: .up, weight: 2)]], configuration: configuration
            ).text
        }
    }

    @Test(arguments: [
        "layer4_ready 1", "layer4_table_occupancy 0.2", "layer4_half_open_share 0.25",
        #"layer4_flows{state="established"} 15"#, #"layer4_dropped_packets_total{reason="no-flow"} 3"#,
        #"layer4_dropped_packets_total{reason="no-port"} 0"#, "# TYPE layer4_dropped_packets_total counter",
        #"layer4_service_flow_limit{service="a \"web\""} 50"#, #"layer4_service_occupancy{service="a \"web\""} 0.4"#,
        #"layer4_backend_weight{service="a \"web\"",backend="one"} 2"#,
    ])
    func saysWhatThereIs(line: String) throws {
        #expect(try Self.text.split(separator: "\n").map(String.init).contains(line))
    }

    @Test(arguments: [
        ("/metrics", "200 OK"), ("/ready", "503 Service Unavailable"), ("/else", "404 Not Found"),
    ])
    func isServed(page: String, status: String) async throws {
        let folder = try TemporaryFolder()
        let path = "\(folder.path)/s.sock"
        let listener = try StatisticsServer.listen(
            .path(path), StatisticsServer.Pages(isReady: { false }, metrics: { "layer4_ready 0\n" }))
        defer { listener.stop() }
        let stream = try #require(StreamSocket.connect(to: path, patience: 3_600))
        #expect(stream.send(Array("GET \(page) HTTP/1.1\r\nHost: x\r\n\r\n".utf8)))
        let answer = try await waiting { String(decoding: stream.receiveAll(), as: UTF8.self) }
        #expect(answer.hasPrefix("HTTP/1.1 \(status)\r\n"), "\(answer)")
    }

    @Test(arguments: ["127.0.0.1:9108", "[::1]:9108", "unix:/run/s.sock"])
    func staysWithinTheHost(text: String) throws {
        _ = try StatisticsAddress(text)
    }

    @Test(arguments: ["0.0.0.0:9108", "[::]:9108", "unix:s.sock", "localhost:9108", ""])
    func goesNowhereElse(text: String) {
        #expect(throws: ConfigurationError.self) { try StatisticsAddress(text) }
    }

    @Test func drawsTables() {
        struct Row: Table.Line {
            static let heading = ["NAME", "N", "NOTE"]
            let columns: [String]
        }
        #expect(Table.text([Row(columns: ["longer", "1", ""])]) == "NAME    N  NOTE\nlonger  1")
    }
}
