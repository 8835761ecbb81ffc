import LoadBalancing
import PacketForwarding

/// How long something takes that control says.
struct ControlRow: Codable {
    let what: String
    let backends: Int
    /// What it must not exceed, in milliseconds.
    let goal: Double
    /// Until it is in force: published, and taken up by an engine.
    let milliseconds: Measurement
    /// The longest that an engine stands still which works on another thread meanwhile.
    let standstill: Measurement
}

/// Measures changes while packets flow.
enum ControlSurvey {
    private static let rounds = 9

    static func all() throws -> [ControlRow] {
        let failure = try row("failure of a backend", backends: 1_000, goal: 1) { control, round, _ in
            control.set(round % 2 == 0 ? .down : .up, backend: "backend 17", of: "service")
        }
        let weight = try row("another weight of a backend", backends: 100, goal: 10) { control, round, _ in
            control.setWeight(round % 2 == 0 ? 2 : 1, backend: "backend 17", of: "service")
        }
        let membership = try row("a backend added or removed", backends: 100, goal: 10) { control, round, all in
            var configuration = all
            if round % 2 == 0 { configuration.services[0].backends.removeLast() }
            return (try? control.update(configuration)) != nil
        }
        let station = try row(
            "a station is heard of, ring", backends: 1_000, goal: 10, scheduler: .policy(.ringHash)
        ) { control, round, all in
            control.learn(Array(all.neighbours.prefix(1 + round % 2)))
            return true
        }
        return [failure, weight, membership, station]
    }

    private static func row(
        _ what: String, backends: Int, goal: Double, scheduler: SchedulerName = .maglev,
        _ change: (ForwardingControl, Int, ForwardingConfiguration) -> Bool
    ) throws -> ControlRow {
        var scene = PacketScene(.dsr, .v4, flows: 1_000, capacity: 1 << 16)
        scene.backends = backends
        var configuration = try scene.configuration()
        configuration.services[0].scheduler = scheduler
        let control = try ForwardingControl(configuration)
        let capacity = EngineCapacity(services: 1, backends: backends)
        var engine = ForwardingEngine(control, capacity: capacity, now: PacketScene.start)
        func apply(_ round: Int) throws {
            guard change(control, round, configuration) else {
                throw CommandFailure(message: "control refused: \(what)", code: 1)
            }
        }
        var all: [Double] = []
        for round in 0..<rounds {
            let start = Stopwatch.now
            try apply(round)
            engine.poll(at: PacketScene.start)
            all.append(Double(Stopwatch.now - start) / 1e6)
        }
        let other = WorkingEngine(control, capacity: capacity)
        defer { other.end() }
        // Two at once, so that the second one is made while the first one is noticed; and the best of some tries, since a thread
        // also stands still where others take its core.
        let standstills = try (0..<rounds).map { round in
            let tries = try (0..<5).map { _ in
                try other.longestStep {
                    try apply(2 * round)
                    try apply(2 * round + 1)
                }
            }
            return tries.reduce(.infinity, min)
        }
        return ControlRow(
            what: what, backends: backends, goal: goal, milliseconds: Measurement(runs: all),
            standstill: Measurement(runs: standstills))
    }
}

extension [ControlRow] {
    /// A readable table.
    var text: String {
        var table = Table(["control, ms", "backends", "in force after", "an engine stands still for"])
        for row in self {
            table.add([row.what, row.backends.grouped, row.milliseconds.cell, row.standstill.cell])
        }
        return table.text
    }
}
