import Foundation
import PacketForwarding

/// The real Layer4Balancer, as a process on a host of a lab.
final class Balancer {
    private let host: LabHost
    private let folder: String
    private let number: Int
    private var program: Program

    /// What is set for a service beyond what its mode asks for.
    typealias Adjustment = (inout [String: Any]) -> Void

    /// Writes a configuration for services of `modes` and starts the program with it; returns when packets flow.
    ///
    /// - Parameters:
    ///   - lab: where.
    ///   - number: which of its balancers.
    ///   - modes: whose services it has.
    ///   - flows: how many there may be.
    ///   - settings: settings of the file beyond the usual ones.
    ///   - adjust: called with each service.
    /// - Throws: ``LabError`` if it does not begin to forward.
    init(
        _ lab: Lab, _ number: Int = 0, modes: [ServiceMode], flows: Int = 65_536, settings: [String: Any] = [:],
        adjust: Adjustment = { _ in }
    ) throws {
        host = lab.balancers[number]
        folder = lab.folder
        self.number = number
        let configuration = LabConfiguration(lab, number, modes, flows: flows, settings: settings, adjust: adjust)
        try configuration.write(to: "\(folder)/balancer\(number).json")
        program = try Self.launch(host, "\(folder)/balancer\(number).json")
        try waitUntilReady()
    }

    /// The program, which is beside this one.
    static let path = Executable.folder + "/Layer4Balancer"

    private static func launch(_ host: LabHost, _ file: String) throws -> Program {
        try host.start(path, [file])
    }

    private func waitUntilReady() throws {
        try waitUntil(.seconds(30), "the balancer is ready") {
            guard program.isRunning else { throw LabError("the balancer ended: \(try program.wait().complaints)") }
            return (try? ask("list")) != nil
        }
    }

    var socket: String { "\(folder)/control\(number).sock" }

    var isRunning: Bool { program.isRunning }

    /// The number of its process.
    var identifier: Int32 { program.identifier }

    /// Asks it by its control socket.
    @discardableResult
    func ask(_ words: String...) throws -> String {
        try Program.run(Self.path, words + ["--socket", socket])
    }

    func signal(_ number: Int32) { program.signal(number) }

    /// Ends it and starts it again, as a service manager does for a restart.
    func restart() throws {
        program.signal(SIGINT)
        let outcome = try program.wait()
        guard outcome.status == 0 else { throw LabError("the balancer: \(outcome.complaints)") }
        program = try Self.launch(host, "\(folder)/balancer\(number).json")
        try waitUntilReady()
    }

    /// Has it take another configuration.
    func reload(_ configuration: LabConfiguration) throws {
        try configuration.write(to: "\(folder)/balancer\(number).json")
        try ask("reload")
    }

    /// Lets it wait for connections, and gives what it said.
    func leave() throws -> String {
        program.signal(SIGTERM)
        return try program.wait().complaints
    }

    /// A number of its statistics, or the sum of those of all its labels; 0 if there is none of the name.
    func metric(_ name: String) throws -> Double {
        try ask("stats").split(separator: "\n")
            .filter { $0.hasPrefix("layer4_\(name) ") || $0.hasPrefix("layer4_\(name){") }
            .compactMap { $0.split(separator: " ").last.flatMap { Double($0) } }
            .reduce(0, +)
    }

    func end() { program.end() }
}

/// Where the programs are that were built together with this one.
enum Executable {
    static let folder: String = {
        // Tests are in a library, which another program loads whose arguments name it.
        let files = ["/proc/self/exe"] + CommandLine.arguments
        let folders = files.map { URL(filePath: $0).resolvingSymlinksInPath().deletingLastPathComponent().path }
        return folders.first { FileManager.default.isExecutableFile(atPath: "\($0)/Layer4Balancer") } ?? "."
    }()
}
