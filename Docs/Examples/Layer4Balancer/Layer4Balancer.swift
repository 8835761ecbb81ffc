import Foundation
import LoadBalancing
import PacketForwarding

/// A layer-4 balancer in one process: `Layer4Balancer CONFIGURATION.json`, which needs CAP_NET_RAW and nothing else.
@main
struct Layer4Balancer {
    static let usage = """
        usage: Layer4Balancer [--check] CONFIGURATION.json

        Forwards packets between the interfaces of the configuration until SIGTERM or SIGINT.

          --check  read the configuration, say what is wrong with it or what to mind, and end
          --help   this text

        exit status: 0 done; 1 the configuration or a link is not as it should be; 2 wrong use
        """

    static func main() {
        var arguments = CommandLine.arguments.dropFirst()
        guard !arguments.contains("--help") else { return print(usage) }
        let isCheck = arguments.first == "--check"
        if isCheck { arguments = arguments.dropFirst() }
        guard arguments.count == 1, let file = arguments.first, !file.hasPrefix("-") else {
            complain(usage)
            exit(2)
        }
        do {
            let configuration = try JSONDecoder().decode(
                ForwardingConfiguration.self, from: Data(contentsOf: URL(fileURLWithPath: file)))
            for warning in try configuration.check() { complain("warning: \(warning)") }
            if !isCheck { try forward(configuration) }
        } catch {
            complain("\(file): \(error)")
            exit(1)
        }
    }

    private static func forward(_ configuration: ForwardingConfiguration) throws {
        let control = try ForwardingControl(configuration)
        let worker = try ForwardingWorker(control, interfaces: configuration.interfaces.map(\.name))
        StopSignal.listen()
        complain("ready")
        try worker.run { StopSignal.isReceived }
        for (interface, statistics) in zip(configuration.interfaces, worker.statistics) {
            print(
                "\(interface.name): received \(statistics.received), overrun \(statistics.overrun),",
                "unusable \(statistics.unusable), sent \(statistics.sent), refused \(statistics.refused)")
        }
    }

    private static func complain(_ text: String) {
        FileHandle.standardError.write(Data("\(text)\n".utf8))
    }
}
