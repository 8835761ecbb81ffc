import Foundation
import PacketForwarding

/// A configuration of Layer4Balancer for a lab: each service in both versions, TCP on ports 80, 7 and 5201, UDP on 7, and on 9,
/// where nobody listens.
struct LabConfiguration {
    /// The port of datagrams that nobody takes.
    static let closedPort: UInt16 = 9

    private var tree: [String: Any]

    init(
        _ lab: Lab, _ number: Int, _ modes: [ServiceMode], flows: Int, settings: [String: Any] = [:],
        adjust: (inout [String: Any]) -> Void = { _ in }
    ) {
        let own = 11 + number
        var services: [[String: Any]] = []
        for service in modes.map(LabService.of) {
            for version in [IPVersion.v4, .v6] {
                for (transport, port) in [
                    ("tcp", 80), ("tcp", 7), ("tcp", 5_201), ("udp", 7), ("udp", Int(Self.closedPort)),
                ] {
                    var entry: [String: Any] = [
                        "name": "\(service.mode.rawValue)-\(version == .v4 ? "v4" : "v6")-\(transport)-\(port)",
                        "protocol": transport, "address": service.address(version), "port": port,
                        "mode": service.mode.rawValue,
                        "backends": lab.backends.indices.map { place in
                            [
                                "name": lab.backends[place].name, "port": port,
                                "address": version == .v4
                                    ? "10.8.\(lab.backendNet).\(101 + place)"
                                    : "fd08:\(lab.backendNet)::\(101 + place)",
                            ] as [String: Any]
                        },
                    ]
                    if service.mode == .fullNAT {
                        entry["sourceAddresses"] = [Self.fullNATSource(version, balancer: number)]
                        entry["sourcePorts"] = [10_000, 60_000]
                    }
                    adjust(&entry)
                    services.append(entry)
                }
            }
        }
        tree = [
            "interfaces": ["f0", "k0"], "control": "\(lab.folder)/control\(number).sock",
            "limits": ["flows": flows],
            "tunnelSource": ["ipv4": "10.8.3.\(own)", "ipv6": "fd08:3::\(own)"],
            "fleet": ["balancers": lab.balancers.count, "seed": 42], "services": services,
        ]
        tree.merge(settings) { _, new in new }
    }

    /// Who backends of full NAT see in place of clients.
    static func fullNATSource(_ version: IPVersion, balancer number: Int) -> String {
        version == .v4 ? "10.8.3.2\(11 + number)" : "fd08:3::2\(11 + number)"
    }

    func write(to path: String) throws {
        try JSONSerialization.data(withJSONObject: tree, options: [.prettyPrinted, .sortedKeys])
            .write(to: URL(filePath: path))
    }
}
