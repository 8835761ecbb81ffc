import LoadBalancing
import PacketForwarding

/// What packets of one mode, version and number of flows cost.
struct PacketRow: Codable {
    let mode: ServiceMode
    let version: String
    let flows: Int
    /// Nanoseconds a packet, one after the other.
    let single: Measurement
    /// Nanoseconds a packet, in batches of 32.
    let batch: Measurement
    /// Nanoseconds of the first packet of a flow, in batches of 32.
    let newFlow: Double
    /// Bytes of the engine, with everything that it allocated, for each flow.
    let bytes: Double?
    /// Nanoseconds to copy a frame, and to read one random cache line for each frame of a table with one for each flow.
    let copy: Measurement
    let look: Measurement

    var newFlowsPerSecond: Double { 1e9 / newFlow }
}

/// How much is measured.
struct PacketPlan: Codable {
    let frames: Int
    let rounds: Int

    static let full = PacketPlan(frames: 1_000_000, rounds: 5)
    static let quick = PacketPlan(frames: 200_000, rounds: 3)
}

/// Measures packets of established flows.
struct PacketSurvey {
    let scene: PacketScene
    let plan: PacketPlan

    func row() throws -> PacketRow {
        let before = HeapBytes.inUse
        var drive = try PacketDrive(scene)
        let bytes = before.flatMap { before in HeapBytes.inUse.map { Double($0 - before) / Double(scene.flows) } }
        let newFlow = try establish(&drive)
        let slots = FrameSlots(scene, count: plan.frames)
        let batch = try measure(slots, &drive, isBatch: true)
        let single = try measure(slots, &drive, isBatch: false)
        return PacketRow(
            mode: scene.mode, version: scene.version == .v4 ? "IPv4" : "IPv6", flows: scene.flows, single: single,
            batch: batch, newFlow: newFlow, bytes: bytes,
            copy: Measurement(
                runs: (0..<plan.rounds).map { _ in
                    Self.nanoseconds(slots.count) { Sink.take(slots.copyAll()) }
                }), look: BareTable(lines: scene.flows).measure(plan))
    }

    /// Sends the first packet of each flow; gives nanoseconds a flow.
    private func establish(_ drive: inout PacketDrive) throws -> Double {
        let slots = FrameSlots(scene, count: min(scene.flows, 1 << 16))
        var time = 0.0
        var flow = 0
        while flow < scene.flows {
            // The last part begins earlier rather than being shorter: some of its flows are no news then.
            flow = min(flow, scene.flows - slots.count)
            for index in 0..<slots.count { slots.write(scene.client(flow + index), into: index) }
            var sent = 0
            time += Self.nanoseconds(1) { sent = drive.run(slots, isBatch: true) }
            guard sent == slots.count else { throw Self.failure(sent, slots.count) }
            flow += slots.count
        }
        return time / Double(scene.flows)
    }

    private func measure(
        _ slots: borrowing FrameSlots, _ drive: inout PacketDrive, isBatch: Bool
    ) throws -> Measurement {
        var random = SplitMix(seed: 7)
        var runs: [Double] = []
        for _ in 0..<plan.rounds {
            for index in 0..<slots.count {
                slots.write(scene.client(random.next(below: scene.flows)), into: index)
            }
            var sent = 0
            runs.append(Self.nanoseconds(slots.count) { sent = drive.run(slots, isBatch: isBatch) })
            guard sent == slots.count else { throw Self.failure(sent, slots.count) }
        }
        return Measurement(runs: runs)
    }

    static func nanoseconds(_ count: Int, _ body: () -> Void) -> Double {
        let start = Stopwatch.now
        body()
        return Double(Stopwatch.now - start) / Double(count)
    }

    static func failure(_ sent: Int, _ count: Int) -> CommandFailure {
        CommandFailure(message: "the engine sent \(sent) of \(count) frames", code: 1)
    }
}

/// Numbers without a pattern, the same ones in every run.
struct SplitMix {
    private var state: UInt64

    init(seed: UInt64) {
        state = seed
    }

    @inline(__always)
    mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        return mixed(state)
    }

    @inline(__always)
    mutating func next(below limit: Int) -> Int {
        Int(truncatingIfNeeded: (next() >> 32 &* UInt64(limit)) >> 32)
    }
}
