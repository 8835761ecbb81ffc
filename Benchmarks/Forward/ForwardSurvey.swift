import Foundation
import PacketForwarding

/// What was measured of one way.
struct ForwardRow: Codable {
    let name: String
    /// Frames a second that arrived while as many were sent as could be, in several runs.
    var flood: Measurement?
    /// The most frames a second of which one in a thousand at most was lost.
    var lossless: Int?
    /// Nanoseconds of the forwarder's threads for a frame, user and kernel, at nine tenths of that.
    var nanoseconds: Double?
    /// Frames a second that arrived when each was of a new flow.
    var newFlows: Int?
    /// Microseconds there and back, half of the times and 99 in a hundred below.
    var idle: [Double]?
    /// The same while half of the lossless rate passed by.
    var loaded: [Double]?
    /// Gbit/s of one TCP connection.
    var gigabits: Measurement?
    /// Bytes of memory of the forwarder.
    var residentBytes: Int?
}

/// Measures one way after the other in one lab.
struct ForwardSurvey {
    let lab: ForwardLab
    let isQuick: Bool
    let yardstick: String?
    let hasIperf: Bool
    private let program = "/proc/self/exe"

    private var runs: Int { isQuick ? 1 : 3 }
    private var steps: Int { isQuick ? 3 : 6 }

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
        _ path: ForwardPath, cores: String, hasOffloads: Bool = false, _ body: (ForwardProcess?) throws -> Result
    ) throws -> Result {
        guard path.isProgram else { return try body(nil) }
        let words = path.words(of: own, yardstick: yardstick, hasOffloads: hasOffloads)
        let process = try ForwardProcess(words, in: lab.namespace(.balancer), cores: cores, ready: "ready")
        defer { process.stop() }
        return try body(process)
    }

    /// Sends at a rate for a second; how many frames left, and how many came.
    private func offer(_ path: ForwardPath, rate: Int, isFresh: Bool = false) throws -> (sent: Int, received: Int) {
        let before = try lab.received
        let words = [own, "forward", "--part", "source", "--rate", "\(rate)", "--station", "\(path.station)"]
        let source = try ForwardProcess(
            words + (isFresh ? ["--fresh"] : []), in: lab.namespace(.client), cores: "0")
        let text = source.finish()
        // What is on its way arrives.
        usleep(150_000)
        let sent =
            text.split(separator: "=").last.flatMap { Int($0.trimmingCharacters(in: .whitespacesAndNewlines)) } ?? 0
        return (sent, try lab.received - before)
    }

    private func measureFrames(_ path: ForwardPath, _ row: inout ForwardRow) throws {
        try withForwarder(path, cores: path.cores) { forwarder in
            var floods: [Double] = []
            var sent = 0
            for _ in 0..<runs {
                let (left, came) = try offer(path, rate: 0)
                sent = left
                floods.append(Double(came))
            }
            let flood = Measurement(runs: floods)
            row.flood = flood
            var low = Int(flood.median / 2)
            var high = sent
            var best = 0
            for step in 0...steps {
                let rate = step == 0 ? high : (low + high) / 2
                let (left, came) = try offer(path, rate: rate)
                if left - came <= left / 1_000 {
                    best = max(best, came)
                    if step == 0 { break }
                    low = rate
                } else {
                    high = rate
                }
            }
            row.lossless = best
            if let forwarder {
                let before = forwarder.busyNanoseconds
                let came = try offer(path, rate: best * 9 / 10 + 1_000).received
                row.nanoseconds = (forwarder.busyNanoseconds - before) / Double(max(came, 1))
                row.residentBytes = forwarder.residentBytes
            }
            row.newFlows = try offer(path, rate: 0, isFresh: true).received
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
            try withForwarder(path, cores: path.cores, hasOffloads: true) { _ in
                row.idle = try withServer(path, port: ForwardLab.port) { try ask(port: ForwardLab.port) }
            }
            // The yardstick forwards what is dropped at the backend.
            if case .yardstick = path { return }
            try withForwarder(path, cores: path.cores, hasOffloads: true) { _ in
                try lab.run(ForwardLab.sinkOn)
                defer { _ = try? lab.run(ForwardLab.sinkOff) }
                let rate = max((row.lossless ?? 0) / 2, 1_000)
                let words = [
                    own, "forward", "--part", "source", "--rate", "\(rate)", "--seconds", "2", "--station",
                    "\(path.station)",
                ]
                let source = try ForwardProcess(words, in: lab.namespace(.client), cores: "0")
                row.loaded = try withServer(path, port: 7) { try ask(port: 7) }
                _ = source.finish()
            }
        }
    }

    /// Has the backend echo datagrams on a port while something is done.
    private func withServer<Result>(_ path: ForwardPath, port: Int, _ body: () throws -> Result) throws -> Result {
        let server = try ForwardProcess(
            [own, "forward", "--part", "echo", "--port", "\(port)"] + (path.translates ? ["--own"] : []),
            in: lab.namespace(.backend), cores: "0", ready: "ready")
        defer { server.stop() }
        return try body()
    }

    private func ask(port: Int) throws -> [Double]? {
        let client = try ForwardProcess(
            [own, "forward", "--part", "ask", "--port", "\(port)"], in: lab.namespace(.client), cores: "0")
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
                        "ip netns exec $C timeout 6 iperf3 -c \(ForwardLab.service) -t 2 -f m || true")
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
        case .ours(let mode, _), .yardstick(let mode): mode.isNAT
        case .translation: true
        case .route, .bridge: false
        }
    }

    /// The cores that the forwarder may use in a flood: not that of the source, where one worker forwards.
    fileprivate var cores: String {
        if case .ours(_, let workers) = self, workers > 1 { return "0,1" }
        return "1"
    }
}
