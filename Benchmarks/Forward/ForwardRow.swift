/// What was measured of one way.
struct ForwardRow: Codable {
    let name: String
    /// Frames a second that arrived while as many were sent as could be, in several runs.
    var flood: Measurement?
    /// The most frames a second of which none was lost.
    var lossless: Int?
    /// Whether the source could not send more than that.
    var isLimitedBySource: Bool?
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
    /// What the forwarder has in memory.
    var memory: ForwardMemory?
}

/// What a forwarder has in memory.
struct ForwardMemory: Codable {
    /// Bytes in memory, all in all.
    let residentBytes: Int
    /// Bytes of what it has allocated.
    let allocatedBytes: Int
    /// Bytes that are shared with the kernel for frames.
    let ringBytes: Int
    /// Bytes of the flow tables, which are allocated and all in memory; `nil` for a program that does not tell.
    let flowTableBytes: Int?
    let workers: Int

    init(_ process: ForwardProcess, workers: Int) {
        residentBytes = process.memoryBytes("VmRSS")
        allocatedBytes = process.memoryBytes("RssAnon")
        ringBytes = process.ringBytes
        flowTableBytes = process.number(of: "table").map { $0 * workers }
        self.workers = workers
    }

    /// Bytes of a worker besides its flow table.
    var besidesFlows: Int? { flowTableBytes.map { (allocatedBytes + ringBytes - $0) / workers } }

    /// Bytes of the code of the program and its libraries, which other programs that use them share.
    var codeBytes: Int { residentBytes - allocatedBytes - ringBytes }
}

/// What was measured of some workers that share cores.
struct ForwardWorkersRow: Codable {
    let mode: String
    let workers: Int
    /// How many cores they share; the source has another.
    let cores: Int
    /// Frames a second that arrived while as many were sent as could be.
    let flood: Measurement
    /// Nanoseconds of the workers' threads for a frame, user and kernel, at the same rate for any number of workers.
    let nanoseconds: Measurement
    let memory: ForwardMemory
}

extension [ForwardRow] {
    /// A readable table.
    var text: String {
        var table = Table([
            "60-byte frames", "flood", "lossless", "ns/frame", "new/s", "p50", "p99", "loaded", "p99", "Gbit/s",
        ])
        for row in self {
            table.add([
                row.name, row.flood.map { Int($0.median).grouped } ?? "–",
                row.lossless.map { (row.isLimitedBySource == true ? "≥ " : "") + $0.grouped } ?? "–",
                row.nanoseconds?.short ?? "–", row.newFlows?.grouped ?? "–", row.idle?[0].short ?? "–",
                row.idle?[1].short ?? "–", row.loaded?[0].short ?? "–", row.loaded?[1].short ?? "–",
                row.gigabits?.cell ?? "–",
            ])
        }
        return table.text
    }

    /// A readable table of what the forwarders have in memory.
    var memoryText: String {
        var table = Table(["MiB", "all", "code", "flow table", "rings", "besides the flow table"])
        for row in self {
            guard let memory = row.memory else { continue }
            table.add([
                row.name, memory.residentBytes.mebibytes, memory.codeBytes.mebibytes,
                memory.flowTableBytes?.mebibytes ?? "–", memory.ringBytes.mebibytes,
                memory.besidesFlows?.mebibytes ?? "–",
            ])
        }
        return table.text
    }
}

extension [ForwardWorkersRow] {
    /// A readable table.
    var text: String {
        guard let first else { return "" }
        let cores = first.cores == 1 ? "one core" : "\(first.cores) cores"
        var table = Table(["\(first.mode), workers on \(cores)", "flood", "ns/frame", "÷ 1 worker", "MiB a worker"])
        let one = self.first { $0.workers == 1 }?.nanoseconds.median
        for row in self {
            table.add([
                row.workers.grouped, Int(row.flood.median).grouped, row.nanoseconds.cell,
                one.map { (row.nanoseconds.median / $0).short } ?? "–", row.memory.besidesFlows?.mebibytes ?? "–",
            ])
        }
        return table.text
    }
}

extension Int {
    /// Bytes, in mebibytes.
    fileprivate var mebibytes: String { (Double(self) / 1_048_576).short }
}
