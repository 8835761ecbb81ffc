import LoadBalancing

/// Sets what was measured against what is to be reached.
struct FiguresToReach {
    let machine: MachineBaseline
    let policies: [PolicyPicks]
    let yardstick: Yardstick
    let memory: [PolicyMemory]
    let allocations: [PolicyAllocations]

    /// All figures of the policies that were measured.
    var all: [Figure] {
        rotations + threads + choices + [
            owned(.roundRobin), owned(.smoothWeightedRoundRobin), owned(.random),
        ] + policies.flatMap(erasure) + slotsAlone.map(bytes) + allocationCounts
    }

    private var rotations: [Figure] {
        [
            ratio("round robin shared ÷ rr.fastmod", 1.3, .roundRobin, .shared1, "rr.fastmod", .equal),
            ratio(
                "smooth WRR shared ÷ swrr.cycle", 1.3, .smoothWeightedRoundRobin, .shared1, "swrr.cycle", .uneven),
        ]
    }

    /// What sharing costs: a pick must not become dearer because others pick too.
    private var threads: [Figure] {
        let share = Double(8) / Double(min(8, Stopwatch.cores))
        return [PolicyName.roundRobin, .smoothWeightedRoundRobin].flatMap { name in
            [
                Figure(
                    "\(name.rawValue) shared ×2 ÷ ×1", goal: 1.3,
                    values: values(name) { divide($0.median(.shared2), $0.median(.shared1)) }),
                Figure(
                    "\(name.rawValue) shared ×8 ÷ (×1 · 8/cores)", goal: 1.5,
                    values: values(name) { divide($0.median(.shared8), $0.median(.shared1).map { $0 * share }) }),
                Figure(
                    "\(name.rawValue) longest stall ×8 by others", goal: 20, unit: "ms",
                    values: values(name) { $0.ownStallMilliseconds }),
            ]
        }
    }

    private var choices: [Figure] {
        let leastConnections = ratio(
            "least connections lease ÷ lc.tree", 2, .leastConnections, .lease1, "lc.tree", .equal, from: 1_000)
        return [
            Figure(
                "P2C shared pick ÷ atomic add", goal: 2,
                values: values(.powerOfTwoChoices) {
                    $0.backends > 1_000 ? nil : divide($0.median(.shared1), machine.atomicAdd)
                }),
            ratio("P2C lease ÷ p2c", 1.6, .powerOfTwoChoices, .lease1, "p2c", .equal),
            ratio("P2C lease ÷ p2c.padded", 1.6, .powerOfTwoChoices, .lease1, "p2c.padded", .equal),
            ratio("peak EWMA lease, time given ÷ ewma.atomic", 1.7, .peakEWMA, .lease1, "ewma.atomic", .equal),
            leastConnections,
        ]
    }

    private func owned(_ name: PolicyName) -> Figure {
        Figure("\(name.rawValue) owned", goal: 3, unit: "ns", values: values(name) { $0.median(.owned) })
    }

    /// What it costs that the policy is chosen while the program runs; lost in the noise where a pick takes long.
    private func erasure(of picks: PolicyPicks) -> [Figure] {
        let pairs: [(String, PickColumn, PickColumn)] = [
            ("owned", .owned, .ownedErased), ("lease", .lease1, .leaseErased),
        ]
        return pairs.map { what, concrete, erased in
            Figure(
                "\(picks.policy.rawValue) \(what), erased − concrete", goal: 5, unit: "ns",
                values: values(picks.policy) { row in
                    guard let plain = row.median(concrete), let hidden = row.median(erased), plain < 200 else {
                        return nil
                    }
                    return hidden - plain
                })
        }
    }

    private var slotsAlone: [PolicyMemory] {
        memory.filter { $0.policy != .ringHash && $0.policy != .maglev }
    }

    /// Below a thousand backends what there is once for each balancer outweighs the rest; what rings and tables take beside
    /// slots and stripes, `builds` and `balance` say.
    private func bytes(of memory: PolicyMemory) -> Figure {
        Figure(
            "\(memory.policy.rawValue) bytes a backend, \(memory.stripes) stripes", goal: 320, unit: "B",
            values: memory.rows.filter { $0.backends >= 1_000 }.map { ($0.backends, $0.bytesPerBackend) })
    }

    /// The most that any policy allocated; where that is not nothing, its name.
    private var allocationCounts: [Figure] {
        guard let kinds = allocations.first?.figures.map(\.what) else { return [] }
        return kinds.enumerated().map { place, what in
            let counts = allocations.compactMap { counts in
                counts.figures[place].count.map { (policy: counts.policy, backends: counts.backends, count: $0) }
            }
            let worst = counts.max { $0.count < $1.count }
            let culprit = worst.map { $0.count > 0 ? $0.policy.rawValue : "any policy" } ?? ""
            return Figure(
                "allocations in \(AllocationSurvey.repetitions.grouped) × \(what), \(culprit)", goal: 0, unit: "",
                values: worst.map { [($0.backends, Double($0.count))] } ?? [])
        }
    }

    private func ratio(
        _ title: String, _ goal: Double, _ name: PolicyName, _ column: PickColumn, _ peer: String, _ weights: Weights,
        from least: Int = 0
    ) -> Figure {
        Figure(
            title, goal: goal,
            values: values(name) { row in
                guard row.backends >= least else { return nil }
                return divide(row.median(column), yardstick.nanoseconds(peer, weights, backends: row.backends))
            })
    }

    private func values(
        _ name: PolicyName, _ value: (PickRow) -> Double?
    ) -> [(backends: Int, value: Double?)] {
        let rows = policies.first { $0.policy == name }?.rows ?? []
        return rows.map { ($0.backends, value($0)) }
    }

    private func divide(_ dividend: Double?, _ divisor: Double?) -> Double? {
        guard let dividend, let divisor, divisor > 0 else { return nil }
        return dividend / divisor
    }
}
