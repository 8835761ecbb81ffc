import Foundation
import Testing

struct VectorTests {
    static let files = [
        "arp-nd", "drain", "dsr", "fragment-inner", "fragments", "fullnat", "gre-gue", "icmp", "ipip", "limits",
        "malformed",
        "nat4", "nat6", "options", "path-mtu", "quic", "tcp-states", "vlan",
    ]

    @Test(arguments: files)
    func engineSendsWhatTheContractSays(file: String) throws {
        let url = try #require(Bundle.module.url(forResource: file, withExtension: "json", subdirectory: "Vectors"))
        let cases = try JSONDecoder().decode([VectorCase].self, from: Data(contentsOf: url))
        #expect(!cases.isEmpty)
        for vector in cases {
            var run = VectorRun(vector)
            try run.run()
            #expect(run.problems.isEmpty, "\(file) \(vector.name): \(run.problems.prefix(6))")
        }
    }
}
