import Foundation
import LoadBalancing
import PacketForwarding

/// A wire that frames come from and go to: a ring of the kernel's, a file, a test.
protocol Wire {
    mutating func receive(_ pool: inout FramePool) -> Frame?
    mutating func send(_ frame: borrowing Frame)
    mutating func passToHost(_ frame: borrowing Frame)
}

/// A clock that never runs back.
protocol Clock {
    var now: Timestamp { get }
}

/// Reads what is to be forwarded.
func forwardingControl(file: Data) throws -> ForwardingControl {
    let configuration = try JSONDecoder().decode(ForwardingConfiguration.self, from: file)
    for warning in try configuration.check() { print(warning) }
    let control = try ForwardingControl(configuration)
    return control
}

/// Lets frames through until none come any more.
func forward(_ control: ForwardingControl, over wire: inout some Wire, clock: some Clock) {
    var engine = ForwardingEngine(control, now: clock.now)
    var pool = FramePool(frameCount: 256, byteCount: 2_048, headroom: 128)
    var pieces = FrameBatch(capacity: 64)
    while var frame = wire.receive(&pool) {
        switch engine.process(&frame, at: clock.now, pieces: &pieces, pool: &pool) {
        case .send, .answer: wire.send(frame)
        case .pass: wire.passToHost(frame)
        case .sendPieces, .drop: break
        }
        pool.put(frame)
        engine.poll(at: clock.now, frames: &pieces, pool: &pool)
        for index in 0..<pieces.count { wire.send(pieces[index]) }
        while let piece = pieces.popLast() { pool.put(piece) }
    }
}

/// Changes things while packets flow.
func maintain(_ control: ForwardingControl, _ configuration: ForwardingConfiguration) throws {
    control.set(.draining, backend: "b1", of: "web")  // keeps its connections, gets no new ones
    control.setWeight(3, backend: "b2", of: "web")
    control.set(.down, backend: "b1", of: "web")  // has lost its connections
    try control.update(configuration)
}

/// Asks an engine about one packet.
func explain(_ frame: borrowing Frame, _ engine: borrowing ForwardingEngine, clock: some Clock) -> String {
    let explanation = engine.explain(frame, at: clock.now)
    print(explanation)
    return explanation.description
}

/// Prints what an engine has counted.
func report(_ engine: borrowing ForwardingEngine) -> ForwardingSnapshot {
    let statistics = engine.statistics
    let snapshot = statistics.snapshot()
    print("\(snapshot.received.packets) packets, \(snapshot.drops[.noBackend, default: 0]) for nobody")
    for service in snapshot.services {
        for backend in service.backends {
            print(service.name, backend.name, backend.sent.packets, backend.flows.active)
        }
    }
    return snapshot
}

/// A snapshot in the text format that Prometheus reads.
func exposition(_ snapshot: ForwardingSnapshot) -> String {
    var lines = ["# TYPE forwarding_packets_total counter"]
    for service in snapshot.services {
        for backend in service.backends {
            let labels = "service=\"\(service.name)\",backend=\"\(backend.name)\""
            lines.append("forwarding_packets_total{\(labels)} \(backend.sent.packets)")
        }
    }
    lines.append("# TYPE forwarding_drops_total counter")
    for (reason, count) in snapshot.drops.sorted(by: { $0.key.rawValue < $1.key.rawValue }) {
        lines.append("forwarding_drops_total{reason=\"\(reason.rawValue)\"} \(count)")
    }
    return lines.joined(separator: "\n") + "\n"
}
