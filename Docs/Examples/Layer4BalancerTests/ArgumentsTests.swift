import Testing

@testable import Layer4Balancer

struct ArgumentsTests {
    private static func request(
        _ command: ControlRequest.Command, _ fill: (inout ControlRequest) -> Void = { _ in }
    ) -> ControlRequest {
        var request = ControlRequest(command)
        fill(&request)
        return request
    }

    private static let socket = DaemonConfiguration.standardControl

    @Test(arguments: [
        ("a.json", Arguments.run(file: "a.json")),
        ("--check a.json", .check(file: "a.json")),
        ("a.json --check", .check(file: "a.json")),
        ("--check-backend a.json", .checkBackend(file: "a.json")),
        ("--help", .help),
        ("drain web --help", .help),
        ("list", .ask(request(.list), socket: socket, output: nil)),
        ("list --json --socket /x", .ask(request(.list) { $0.isJSON = true }, socket: "/x", output: nil)),
        ("down web", .ask(request(.down) { $0.service = "web" }, socket: socket, output: nil)),
        (
            "drain web one --wait 5",
            .ask(
                request(.drain) { ($0.service, $0.backend, $0.waits, $0.deadline) = ("web", "one", true, 5) },
                socket: socket, output: nil)
        ),
        (
            "drain web --wait",
            .ask(request(.drain) { ($0.service, $0.waits) = ("web", true) }, socket: socket, output: nil)
        ),
        (
            "weight web one 3",
            .ask(
                request(.weight) { ($0.service, $0.backend, $0.weight) = ("web", "one", 3) }, socket: socket,
                output: nil)
        ),
        (
            "explain 192.0.2.7:1 203.0.113.1:80 udp",
            .ask(
                request(.explain) { ($0.from, $0.to, $0.transport) = ("192.0.2.7:1", "203.0.113.1:80", "udp") },
                socket: socket, output: nil)
        ),
        (
            "capture f.pcapng no-flow",
            .ask(request(.capture) { $0.reason = "no-flow" }, socket: socket, output: "f.pcapng")
        ),
    ])
    func areUnderstood(line: String, expected: Arguments) throws {
        #expect(try Arguments(line.split(separator: " ").map(String.init)) == expected)
    }

    @Test(arguments: [
        "", "a.json b.json", "--chekc a.json", "drain", "drain a b c", "weight web one many", "list all", "explain x",
        "drain web --now", "list --socket", "drain web --wait -1", "drain web --wait 1e300", "drain web --wait nan",
        "explain 192.0.2.7:1 203.0.113.1:80 sctp",
    ])
    func areRefused(line: String) {
        #expect(throws: ArgumentError.self) { try Arguments(line.split(separator: " ").map(String.init)) }
    }
}
