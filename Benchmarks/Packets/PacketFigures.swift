import PacketForwarding

/// Sets what was measured against what is to be reached.
struct PacketFigures {
    let rows: [PacketRow]
    let changes: [ControlRow]
    let allocations: [PacketAllocations]
    let yardstick: EngineYardstick?

    /// All figures of what was measured; those of time a packet only beside a yardstick.
    var all: [Figure] {
        guard let yardstick else { return memory + control + counts }
        let plain = rows.filter { $0.version == "IPv4" }
        let ratios = [ServiceMode.dsr, .nat, .ipip].map { mode in
            Figure(
                "\(mode.rawValue), batch ÷ C", goal: 1.4,
                values: plain.filter { $0.mode == mode }.map { row in
                    (
                        row.flows,
                        yardstick.nanoseconds(mode, flows: row.flows).map { (row.batch.runs.first ?? .nan) / $0 }
                    )
                })
        }
        let direct = Figure(
            "dsr, batch", goal: 100, unit: "ns",
            values: plain.filter { $0.mode == .dsr && $0.flows == 1_000_000 }.map { ($0.flows, $0.batch.median) })
        return ratios + [direct] + memory + control + counts
    }

    /// Below a million flows what there is once for each engine outweighs the rest.
    private var memory: [Figure] {
        [(ServiceMode.fullNAT, 88.0), (.nat, 80), (.dsr, 80)].map { mode, goal in
            Figure(
                "\(mode.rawValue), bytes a flow", goal: goal, unit: "B",
                values: rows.filter { $0.mode == mode && $0.version == "IPv4" && $0.flows >= 1_000_000 }
                    .map { ($0.flows, $0.bytes) })
        }
    }

    private var counts: [Figure] {
        allocations.map { row in
            let worst = row.figures.compactMap(\.count).max()
            return Figure(
                "\(row.mode.rawValue), allocations in \(row.packets.grouped) packets", goal: 0, unit: "",
                values: [(0, worst.map(Double.init))])
        }
    }

    private var control: [Figure] {
        changes.map { row in
            Figure(row.what, goal: row.goal, unit: "ms", values: [(row.backends, row.milliseconds.median)])
        }
    }
}
