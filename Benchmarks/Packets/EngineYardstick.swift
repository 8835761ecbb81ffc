import Foundation
import PacketForwarding

/// What a plain C engine takes on the same machine: the lines that begin with `engine`, of `afpacket engine`.
///
/// Each line is `engine mode=M flows=N … batch=B ns_best=X …`; other lines are passed over.
struct EngineYardstick {
    private var figures: [String: Double] = [:]

    init(path: String) throws {
        let source = "afpacket engine mode=dsr flows=1000 batch=32 >> FILE, and the other modes and numbers"
        guard let text = try? String(contentsOfFile: path, encoding: .utf8) else {
            throw YardstickError(path: path, problem: "cannot be read", source: source)
        }
        for line in text.split(separator: "\n") { add(line) }
        guard !figures.isEmpty else { throw YardstickError(path: path, problem: "has no figures", source: source) }
    }

    private mutating func add(_ line: Substring) {
        var fields: [Substring: Substring] = [:]
        for word in line.split(separator: " ") {
            let parts = word.split(separator: "=", maxSplits: 1)
            if parts.count == 2 { fields[parts[0]] = parts[1] }
        }
        guard line.hasPrefix("engine "), fields["batch"] == "32", let mode = fields["mode"],
            let flows = fields["flows"],
            let time = fields["ns_best"].flatMap({ Double($0) })
        else { return }
        figures["\(mode) \(flows)"] = time
    }

    /// Nanoseconds a packet in batches of 32, in the fastest round; `nil` where that was not measured.
    func nanoseconds(_ mode: ServiceMode, flows: Int) -> Double? {
        figures["\(mode.rawValue) \(flows)"]
    }
}
