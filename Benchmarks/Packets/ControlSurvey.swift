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
    /// Of these, how long an engine stands still.
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
        return [failure, weight, membership]
    }

    private static func row(
        _ what: String, backends: Int, goal: Double,
        _ change: (ForwardingControl, Int, ForwardingConfiguration) -> Bool
    ) throws -> ControlRow {
        var scene = PacketScene(.dsr, .v4, flows: 1_000, capacity: 1 << 16)
        scene.backends = backends
        let configuration = try scene.configuration()
        let control = try ForwardingControl(configuration)
        var engine = ForwardingEngine(
            control, capacity: EngineCapacity(services: 1, backends: backends), now: PacketScene.start)
        var all: [Double] = []
        var standstills: [Double] = []
        for round in 0..<rounds {
            let start = Stopwatch.now
            guard change(control, round, configuration) else {
                throw CommandFailure(message: "control refused: \(what)", code: 1)
            }
            let published = Stopwatch.now
            engine.poll(at: PacketScene.start)
            let end = Stopwatch.now
            all.append(Double(end - start) / 1e6)
            standstills.append(Double(end - published) / 1e6)
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
