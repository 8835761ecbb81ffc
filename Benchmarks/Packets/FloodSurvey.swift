import LoadBalancing
import PacketForwarding

/// What a flood of SYNs did.
struct FloodRow: Codable {
    let mode: ServiceMode
    let flows: Int
    let capacity: Int
    let segments: Int
    /// Nanoseconds a SYN, in batches of 32.
    let nanoseconds: Double
    /// Flows that were not served by their backend afterwards.
    let lost: Int
    /// By how many bytes the heap grew.
    let growth: Int?
}

/// SYNs of strangers against flows that are established.
enum FloodSurvey {
    static func all(isQuick: Bool) throws -> [FloodRow] {
        try [ServiceMode.dsr, .nat].map { try row($0, segments: isQuick ? 1_000_000 : 10_000_000) }
    }

    private static func row(_ mode: ServiceMode, segments: Int) throws -> FloodRow {
        let scene = PacketScene(mode, .v4, .tcp, flows: 100_000, capacity: 1 << 20)
        var drive = try PacketDrive(scene)
        let openings = FrameSlots(scene, count: 1 << 16, flags: 0x02)
        let before = try FloodFlows(scene, &drive)
        let heap = HeapBytes.inUse
        var random = SplitMix(seed: 11)
        var time = 0.0
        var sent = 0
        while sent < segments {
            for index in 0..<openings.count {
                let number = random.next()
                let stranger = IPAddress(v4: 0x8000_0000 | UInt32(truncatingIfNeeded: number))
                openings.write(Endpoint(stranger, UInt16(truncatingIfNeeded: number >> 32)), into: index)
            }
            time += PacketSurvey.nanoseconds(1) {
                _ = drive.run(openings, isBatch: true)
                drive.poll()
            }
            sent += openings.count
        }
        let growth = heap.flatMap { heap in HeapBytes.inUse.map { $0 - heap } }
        let lost = before.lost(&drive)
        return FloodRow(
            mode: mode, flows: scene.flows, capacity: scene.capacity, segments: sent, nanoseconds: time / Double(sent),
            lost: lost, growth: growth)
    }
}

extension [FloodRow] {
    /// A readable table.
    var text: String {
        var table = Table(["flood of SYNs", "flows", "room for", "SYNs", "ns a SYN", "flows lost", "heap grown by"])
        for row in self {
            table.add([
                row.mode.rawValue, row.flows.grouped, row.capacity.grouped, row.segments.grouped, row.nanoseconds.short,
                row.lost.grouped, row.growth.map { "\($0.grouped) B" } ?? "–",
            ])
        }
        return table.text
    }
}
