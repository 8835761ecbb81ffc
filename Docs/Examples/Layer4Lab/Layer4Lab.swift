import Dispatch
import Foundation

/// A network on this machine with the real balancer in it, and what became of its clients.
@main
struct Layer4Lab {
    static func main() {
        do {
            let arguments = try Arguments(CommandLine.arguments.dropFirst())
            if arguments.wantsHelp { return print(Arguments.usage) }
            let scenarios = try arguments.scenarios(of: Scenario.all)
            if arguments.wantsList { return list(scenarios) }
            try BalancerBuild.runIfMissing(say: say)
            if let obstacle = Lab.obstacle { fail(obstacle, status: 3) }
            removeOnInterrupt()
            defer { Leftovers.removeAll() }
            try play(scenarios, arguments)
        } catch let error as ArgumentError {
            fail("\(error)", status: 2)
        } catch {
            fail("\(error)", status: 1)
        }
    }

    private static func list(_ scenarios: [Scenario]) {
        let width = scenarios.map(\.name.count).max() ?? 0
        for scenario in scenarios {
            print(scenario.name + String(repeating: " ", count: width - scenario.name.count + 2) + scenario.summary)
        }
    }

    private static func play(_ scenarios: [Scenario], _ arguments: Arguments) throws {
        var terms = Scenario.Terms()
        if arguments.isQuick { (terms.connections, terms.packets, terms.megabytes) = (200, 100_000, 10) }
        if let soak = arguments.soak { terms.soak = soak }
        terms.say = say
        var verdicts: [Verdict] = []
        for scenario in scenarios {
            say("\(scenario.name): \(scenario.summary)")
            let verdict = Verdict.of(scenario, terms)
            for line in verdict.lines { say(line) }
            verdicts.append(verdict)
        }
        say("\n" + Verdict.table(verdicts))
        if let file = arguments.json {
            let encoder = JSONEncoder()
            encoder.outputFormatting = [.prettyPrinted, .sortedKeys]
            try encoder.encode(verdicts).write(to: URL(filePath: file))
        }
        guard verdicts.allSatisfy(\.holds) else {
            Leftovers.removeAll()
            exit(1)
        }
    }

    /// Says something at once, whoever reads it.
    @Sendable
    private static func say(_ text: String) {
        let bytes = Array("\(text)\n".utf8)
        _ = unsafe write(STDOUT_FILENO, bytes, bytes.count)
    }

    /// Removes everything before the program ends by Ctrl-C.
    private static func removeOnInterrupt() {
        for number in [SIGINT, SIGTERM, SIGHUP] {
            let source = DispatchSource.makeSignalSource(signal: number, queue: .global())
            source.setEventHandler {
                Leftovers.removeAll()
                exit(130)
            }
            source.resume()
            // It is listened to for as long as the program runs.
            _ = unsafe Unmanaged.passRetained(source as AnyObject)
        }
    }

    private static func fail(_ message: String, status: CInt) -> Never {
        FileHandle.standardError.write(Data("Layer4Lab: \(message)\n".utf8))
        exit(status)
    }
}
