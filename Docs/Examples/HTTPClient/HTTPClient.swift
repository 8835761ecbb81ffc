import Foundation

/// Sends a shop's requests to three servers, and does harm to them.
@main
struct HTTPClient {
    static let usage = """
        usage: HTTPClient NAME:PORT:PROCESS NAME:PORT:PROCESS NAME:PORT:PROCESS

        Sends requests to three servers on loopback that answer with their names, makes one slow by SIGUSR1 (quick again by
        SIGUSR2) and kills two. The script beside this program starts such servers.

        exit status: 0 all was as expected; 1 something was not, or failed; 2 wrong use
        """

    static func main() async {
        let arguments = CommandLine.arguments.dropFirst()
        if arguments.contains("--help") { return print(usage) }
        let servers = arguments.compactMap { Server($0) }
        guard servers.count == 3, arguments.count == 3, Set(servers.map(\.name)).count == 3 else {
            complain(usage)
            exit(2)
        }
        do {
            let findings = try await Trial(servers: servers).run()
            print(text(of: findings))
            guard findings.allSatisfy(\.isAsExpected) else {
                complain("not all was as expected")
                exit(1)
            }
        } catch {
            complain("\(error)")
            exit(1)
        }
    }

    private static func text(of findings: [Finding]) -> String {
        let rows =
            [("asked of three servers", "without", "with", "as expected")]
            + findings.map { ($0.title, $0.without, $0.with, $0.isAsExpected ? "yes" : "NO") }
        func width(_ cells: [String]) -> Int { cells.map(\.count).max() ?? 0 }
        let widths = (width(rows.map(\.0)), width(rows.map(\.1)), width(rows.map(\.2)))
        func padded(_ text: String, _ width: Int) -> String { text + String(repeating: " ", count: width - text.count) }
        return rows.map { row in
            [padded(row.0, widths.0), padded(row.1, widths.1), padded(row.2, widths.2), row.3].joined(separator: "  ")
        }.joined(separator: "\n")
    }

    private static func complain(_ text: String) {
        FileHandle.standardError.write(Data("\(text)\n".utf8))
    }
}
