import Foundation
import PacketForwarding

/// Measures one way after the other in one lab.
struct ForwardSurvey {
    let lab: ForwardLab
    let isQuick: Bool
    let yardstick: String?
    let hasIperf: Bool
    private let program = "/proc/self/exe"

    private var runs: Int { isQuick ? 1 : 3 }
    private var search: LosslessSearch { LosslessSearch(patience: isQuick ? 2 : 3, resolution: isQuick ? 0.05 : 0.02) }
    /// The cores that the source leaves.
    private let cores = max(1, Stopwatch.cores - 1)

    /// The path of this very program, for its parts.
    private var own: String {
        (try? FileManager.default.destinationOfSymbolicLink(atPath: program)) ?? CommandLine.arguments[0]
    }

    func row(_ path: ForwardPath) throws -> ForwardRow {
        var row = ForwardRow(name: path.name)
        try lab.run(path.setup)
        defer { _ = try? lab.run(path.teardown) }
        if !path.isProgram { try lab.steer(to: 2) }
        defer { if !path.isProgram { _ = try? lab.steer(to: 0) } }
        try lab.run(ForwardLab.sinkOn)
        try measureFrames(path, &row)
        try lab.run(ForwardLab.sinkOff)
        if path.carriesConnections {
            try measureTimes(path, &row)
            if hasIperf { try measureConnection(path, &row) }
        }
        return row
    }

    /// Starts the forwarder, does something, and ends it.
    private func withForwarder<Result>(
        _ path: ForwardPath, cores: String = "1", workers: Int = 1, hasOffloads: Bool = false,
        _ body: (ForwardProcess?) throws -> Result
    ) throws -> Result {
        guard path.isProgram else { return try body(nil) }
        let words = path.words(of: own, yardstick: yardstick, workers: workers, hasOffloads: hasOffloads)
        let process = try ForwardProcess(words, in: lab.namespace(.balancer), cores: cores, ready: "ready")
        defer { process.stop() }
        return try body(process)
    }

    /// Sends at a rate for a second, or as much as can be; how many frames left, and how many came.
    private func offer(_ path: ForwardPath, rate: Int = 0, isFresh: Bool = false) throws -> LosslessSearch.Trial {
        let before = try lab.received
        let words = [own, "forward", "--part", "source", "--rate", "\(rate)", "--station", "\(path.station)"]
        let source = try ForwardProcess(
            words + (isFresh ? ["--fresh"] : []), in: lab.namespace(.client), cores: "0")
        let text = source.finish()
        // What is on its way arrives.
        usleep(150_000)
        let sent =
            text.split(separator: "=").last.flatMap { Int($0.trimmingCharacters(in: .whitespacesAndNewlines)) } ?? 0
        return LosslessSearch.Trial(sent: sent, received: try lab.received - before)
    }

    private func measureFrames(_ path: ForwardPath, _ row: inout ForwardRow) throws {
        try withForwarder(path) { forwarder in
            // All flows are known before the first is counted.
            _ = try offer(path)
            let floods = try (0..<runs).map { _ in try offer(path) }.sorted { $0.received < $1.received }
            row.flood = Measurement(runs: floods.map { Double($0.received) })
            let found = try search.result(after: floods[floods.count / 2]) { try offer(path, rate: $0) }
            row.lossless = found.best
            row.isLimitedBySource = found.isLimitedBySource
            if let forwarder {
                row.nanoseconds = try nanoseconds(path, forwarder, rate: found.best * 9 / 10 + 1_000)
                row.memory = ForwardMemory(forwarder, workers: 1)
            }
            row.newFlows = try offer(path, isFresh: true).received
        }
    }

    /// What a frame costs the forwarder's threads at a rate.
    private func nanoseconds(_ path: ForwardPath, _ forwarder: ForwardProcess, rate: Int) throws -> Double {
        let before = forwarder.busyNanoseconds
        let came = try offer(path, rate: rate).received
        return (forwarder.busyNanoseconds - before) / Double(max(came, 1))
    }

    /// Measures numbers of workers in turns, all on the cores that the source leaves, and at one rate, which one worker carries.
    func workers(_ mode: ServiceMode, counts: [Int], rate: Int) throws -> [ForwardWorkersRow] {
        let path = ForwardPath.ours(mode)
        try lab.run(path.setup + "\n" + ForwardLab.sinkOn)
        defer { _ = try? lab.run(path.teardown + "\n" + ForwardLab.sinkOff) }
        var floods: [Int: [Double]] = [:]
        var times: [Int: [Double]] = [:]
        var memories: [Int: ForwardMemory] = [:]
        for _ in 0..<runs {
            for count in counts {
                try withForwarder(path, cores: "1-\(cores)", workers: count) { forwarder in
                    guard let forwarder else { return }
                    _ = try offer(path)
                    floods[count, default: []].append(Double(try offer(path).received))
                    times[count, default: []].append(try nanoseconds(path, forwarder, rate: rate))
                    memories[count] = ForwardMemory(forwarder, workers: count)
                }
            }
        }
        return counts.compactMap { count in
            guard let floods = floods[count], let times = times[count], let memory = memories[count] else { return nil }
            return ForwardWorkersRow(
                mode: mode.rawValue, workers: count, cores: cores, flood: Measurement(runs: floods),
                nanoseconds: Measurement(runs: times), memory: memory)
        }
    }

    /// The way of answers, while something is measured.
    private func withAnswers<Result>(_ path: ForwardPath, _ body: () throws -> Result) throws -> Result {
        let gateway = path.isTwoWay ? "10.99.2.1" : "10.99.3.1"
        try lab.run("ip -n $B route add 10.99.1.0/24 via \(gateway)")
        defer { _ = try? lab.run("ip -n $B route del 10.99.1.0/24") }
        return try body()
    }

    private func measureTimes(_ path: ForwardPath, _ row: inout ForwardRow) throws {
        try withAnswers(path) {
            try withForwarder(path, hasOffloads: true) { _ in
                row.idle = try ask(path)
            }
            try withForwarder(path, hasOffloads: true) { _ in
                try lab.run(ForwardLab.sinkOn)
                defer { _ = try? lab.run(ForwardLab.sinkOff) }
                let words = [
                    own, "forward", "--part", "source", "--rate", "\(max((row.lossless ?? 0) / 2, 1_000))",
                    "--seconds", "10", "--station", "\(path.station)",
                ]
                let source = try ForwardProcess(words, in: lab.namespace(.client), cores: "0")
                defer { source.stop() }
                row.loaded = try ask(path)
            }
        }
    }

    /// Has the backend echo datagrams of the client's; two quantiles of the times in microseconds.
    private func ask(_ path: ForwardPath) throws -> [Double]? {
        let server = try ForwardProcess(
            [own, "forward", "--part", "echo"] + (path.translates ? ["--own"] : []), in: lab.namespace(.backend),
            cores: "0", ready: "ready")
        defer { server.stop() }
        let client = try ForwardProcess([own, "forward", "--part", "ask"], in: lab.namespace(.client), cores: "0")
        let values = client.finish().split(separator: " ").prefix(2).compactMap { word in
            word.split(separator: "=").last.flatMap { Double($0) }
        }
        return values.count == 2 ? values : nil
    }

    private func measureConnection(_ path: ForwardPath, _ row: inout ForwardRow) throws {
        try withAnswers(path) {
            try withForwarder(path, cores: "0,1", hasOffloads: true) { _ in
                let address = path.translates ? "10.99.2.10" : ForwardLab.service
                let server = try ForwardProcess(
                    ["iperf3", "-s", "-B", address], in: lab.namespace(.backend), cores: "0,1")
                defer { server.stop() }
                usleep(400_000)
                var values: [Double] = []
                for _ in 0..<runs {
                    let text = try lab.run(
                        "ip netns exec $C nice -n -20 timeout 6 iperf3 -c \(ForwardLab.service) -t 2 -f m || true")
                    let line = text.split(separator: "\n").last { $0.contains("receiver") }
                    let words = line?.split(separator: " ").map(String.init) ?? []
                    guard let unit = words.firstIndex(of: "Mbits/sec"), unit > 0, let value = Double(words[unit - 1])
                    else { continue }
                    values.append(value / 1_000)
                }
                if !values.isEmpty { row.gigabits = Measurement(runs: values) }
            }
        }
    }
}

extension ForwardPath {
    /// Whether the backend gets packets to its own address.
    fileprivate var translates: Bool {
        switch self {
        case .ours(let mode), .yardstick(let mode): mode.isNAT
        case .translation: true
        case .route, .bridge: false
        }
    }
}
