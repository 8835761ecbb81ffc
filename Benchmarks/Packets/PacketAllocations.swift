import LoadBalancing
import PacketForwarding

/// How often the engine allocated memory for packets of a mode.
struct PacketAllocations: Codable {
    let mode: ServiceMode
    /// Packets that were handled each way.
    let packets: Int
    /// Counts; `nil` where they could not be had.
    let newFlows: Int?
    let batch: Int?
    let single: Int?

    var figures: [(what: String, count: Int?)] {
        [("first of a flow", newFlows), ("in batches", batch), ("one by one", single)]
    }

    private static let flows = 100_000

    /// Counts in a process of its own, which has the tracer preloaded.
    static func traced(_ modes: [ServiceMode]) throws -> [PacketAllocations] {
        try modes.flatMap { try AllocationTrace.rows(of: PacketsCommand.name, only: $0.rawValue, as: Self.self) }
    }

    /// Counts in this process.
    init(_ mode: ServiceMode) throws {
        let scene = PacketScene(mode, .v4, flows: Self.flows, capacity: 2 * Self.flows)
        var drive = try PacketDrive(scene)
        let slots = FrameSlots(scene, count: scene.flows)
        func count(isBatch: Bool) throws -> Int? {
            for flow in 0..<scene.flows { slots.write(scene.client(flow), into: flow) }
            var sent = 0
            let count = AllocationTrace.count { sent = drive.run(slots, isBatch: isBatch) }
            guard sent == scene.flows else { throw PacketSurvey.failure(sent, scene.flows) }
            return count
        }
        // What is done once for all is no packet's.
        _ = drive.send(FrameTemplate(scene, flags: 0).frame(of: scene.client(scene.flows)), on: 0)
        self.mode = mode
        packets = scene.flows
        newFlows = try count(isBatch: true)
        batch = try count(isBatch: true)
        single = try count(isBatch: false)
    }
}

extension [PacketAllocations] {
    /// A readable table.
    var text: String {
        var table = Table(["allocations in \((first?.packets ?? 0).grouped)"] + (first?.figures.map(\.what) ?? []))
        for row in self { table.add([row.mode.rawValue] + row.figures.map { $0.count?.grouped ?? "–" }) }
        return table.text
    }
}
