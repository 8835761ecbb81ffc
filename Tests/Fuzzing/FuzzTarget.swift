/// What is fuzzed: each takes any bytes, and says what is wrong with what came of them.
enum FuzzTarget: String, CaseIterable {
    /// The packet engine.
    case engine
    /// Reading a configuration from JSON.
    case configuration
    /// Reading addresses and prefixes from text.
    case addresses
    /// Reading the names of servers, as rings of other programs do.
    case servers
    /// Reading what stands in requests and answers: cookies, client subnets, load reports, hosts and paths.
    case requests

    /// The target that the command line names.
    static let chosen: FuzzTarget = {
        let prefix = "--target="
        let name = CommandLine.arguments.first { $0.hasPrefix(prefix) }?.dropFirst(prefix.count) ?? "engine"
        guard let target = FuzzTarget(rawValue: String(name)) else {
            fatalError("there is no target \"\(name)\"; use one of \(allCases.map(\.rawValue))")
        }
        return target
    }()

    /// What is wrong; empty if all is well.
    ///
    /// What traps does not return.
    func faults(_ bytes: [UInt8]) -> [String] {
        switch self {
        case .engine:
            var run = EngineRun(EngineScript(bytes))
            return run?.run() ?? []
        case .configuration: return ConfigurationText.faults(bytes)
        case .addresses: return AddressTexts.faults(bytes)
        case .servers: return ServerNames.faults(bytes)
        case .requests: return RequestTexts.faults(bytes)
        }
    }
}
