import Foundation
import PacketForwarding

/// A layer-4 balancer in one process, and the means to ask one that runs; it needs CAP_NET_RAW and nothing else.
@main
struct Layer4Balancer {
    static func main() async {
        do {
            switch try Arguments(CommandLine.arguments.dropFirst()) {
            case .help: print(Arguments.usage)
            case .check(let file): try check(file)
            case .checkBackend(let file): try checkBackend(file)
            case .run(let file): try await run(file)
            case .ask(let request, let socket, let output): try ask(request, at: socket, output: output)
            }
        } catch let error as ArgumentError {
            Log.say("Layer4Balancer: \(error)")
            exit(2)
        } catch {
            Log.say("Layer4Balancer: \(error)")
            exit(1)
        }
    }

    private static func check(_ file: String) throws {
        do {
            let settings = try ConfigurationFile.read(file)
            let host = try HostFacts.read()
            let configuration = try settings.forwarding(on: host.network)
            let warnings = settings.warnings(on: host, configuration)
            for warning in warnings { print(warning) }
            let result = warnings.isEmpty ? "nothing wrong" : "\(warnings.count) to mind"
            print("\(file): \(settings.services.count) services, \(result)")
            if settings.findings(onBalancer: host, configuration).contains(where: { $0.weight == .fault }) { exit(1) }
        } catch let error as ConfigurationError {
            throw ConfigurationError(file, error.description)
        }
    }

    private static func checkBackend(_ file: String) throws {
        do {
            let findings = try ConfigurationFile.read(file).findings(onBackend: try HostFacts.read())
            for finding in findings { print(finding) }
            if findings.isEmpty { print("nothing wrong") }
            if findings.contains(where: { $0.weight == .fault }) { exit(1) }
        } catch let error as ConfigurationError {
            throw ConfigurationError(file, error.description)
        }
    }

    private static func run(_ file: String) async throws {
        // Whoever reads the log may go; the log is no reason to end.
        _ = signal(SIGPIPE, SIG_IGN)
        do {
            try await Daemon(file).run()
        } catch let error as ConfigurationError {
            throw ConfigurationError(file, error.description)
        }
    }

    private static func ask(_ request: ControlRequest, at socket: String, output: String?) throws {
        let reply = try ControlClient.ask(request, at: socket)
        if let error = reply.error { throw ControlError(error) }
        if let output, let data = reply.data {
            do {
                try data.write(to: URL(filePath: output))
            } catch {
                throw ControlError("\(output) cannot be written: \(error.localizedDescription)")
            }
        }
        print(reply.text)
    }
}
