import Foundation
import LoadBalancing
import PacketForwarding
import Synchronization

/// Everything that forwards: the control that workers follow, the workers with the memory of their flows, and whoever finds
/// stations for them.
final class Forwarder: Sendable {
    let control: ForwardingControl
    /// The latest packets that workers dropped.
    let capture: DropCapture
    private let options: WorkerOptions
    private let memory: [FlowMemory]
    private let folder: FlowFolder?
    private let state: Mutex<State>

    private struct State {
        /// `nil` while an interface is gone.
        var workers: ForwardingWorkers?
        var neighbours: NeighbourThread?
        /// What was counted last.
        var snapshot = ForwardingSnapshot()
        /// What engines and links counted that were closed: those after them begin from 0.
        var past: (totals: ForwardingSnapshot, links: [LinkStatistics]) = (ForwardingSnapshot(), [])

        /// Takes note of what has been counted up to now.
        mutating func count() {
            guard let workers else { return }
            snapshot = workers.snapshot
            snapshot.merge(past.totals)
        }

        var links: [LinkStatistics] {
            guard var sums = workers?.statistics else { return past.links }
            for (place, before) in zip(sums.indices, past.links) { sums[place] += before }
            return sums
        }
    }

    /// Room for full NAT in a configuration to come.
    private static let capacity = EngineCapacity(sourceGroups: 4_096)

    deinit {
        close()
    }

    /// Begins to forward, with the flows that are in the folder or without.
    private init(
        _ control: ForwardingControl, attaching attaches: Bool, _ folder: FlowFolder?, _ settings: DaemonConfiguration
    ) throws {
        self.control = control
        let byteCount = ForwardingEngine.flowByteCount(control, capacity: Self.capacity)
        memory = try (0..<settings.workers.count).map { number in
            try folder?.memory(of: number, byteCount: byteCount) ?? FlowMemory(byteCount: byteCount)
        }
        self.folder = folder
        options = settings.workers.options(settings.ring)
        capture = DropCapture(settings.capture)
        state = Mutex(State())
        try open(attaching: attaches)
        try folder?.begin(with: control.members)
    }

    /// Begins to forward; flows that another process left in the folder go on, if they can.
    ///
    /// - Throws: what is missing: ``FlowMemoryError`` or `ForwardingWorkersError`.
    static func start(_ configuration: ForwardingConfiguration, _ settings: DaemonConfiguration) throws -> Forwarder {
        let folder = try settings.flowMemory.map { path throws(FlowMemoryError) in try FlowFolder(path) }
        for members in (folder?.members ?? []).reversed() {
            do {
                var before = configuration
                before.services = members.services
                let control = try ForwardingControl(before, members: members)
                let forwarder = try Forwarder(control, attaching: true, folder, settings)
                try forwarder.update(configuration)
                Log.say("goes on with \(forwarder.snapshot.flows.active) flows")
                return forwarder
            } catch let error as FlowTableError {
                Log.say("flows cannot go on: \(error)")
            } catch let error as ForwardingConfigurationError {
                Log.say("flows cannot go on with the new configuration: \(error)")
            }
        }
        return try Forwarder(try ForwardingControl(configuration), attaching: false, folder, settings)
    }

    /// Opens the links for engines around the memory of flows, and starts the threads.
    private func open(attaching attaches: Bool) throws {
        let engines = try memory.enumerated().map { number, memory in
            let worker = WorkerNumber(number, of: self.memory.count)
            // The memory is this object's, which ends its workers before.
            return EngineSeat(
                try attaches
                    ? unsafe memory.attach(control, Self.capacity, worker)
                    : unsafe memory.format(control, Self.capacity, worker))
        }
        let workers = try ForwardingWorkers(
            control, options: options, time: BootTime.source,
            dropObserver: { [capture] _, frame, reason in capture.note(frame, reason) },
            makeEngine: { engines[$0.index].take() })
        try workers.start()
        state.withLock { state in
            state.workers = workers
            state.neighbours = NeighbourThread(control)
        }
    }

    /// Lets go of the links; flows stay.
    private func close() {
        let (workers, neighbours) = state.withLock { ($0.workers, $0.neighbours) }
        neighbours?.stop()
        workers?.stop()
        state.withLock { state in
            state.count()
            state.past = (state.snapshot.totals, state.links)
            (state.workers, state.neighbours) = (nil, nil)
        }
    }

    /// Opens all links anew, as they have to be when an interface was gone and has come back.
    func reopen() throws {
        close()
        try open(attaching: true)
    }

    /// Ends; flows stay in the folder.
    func stop() { close() }

    /// Puts a configuration in force; flows go on.
    ///
    /// It may be done while an interface is gone.
    ///
    /// - Returns: whether it is; while there are no workers, because links could not be opened anew, nothing changes.
    /// - Throws: `ForwardingConfigurationError` or `ForwardingWorkersError`; what was in force then stays.
    @discardableResult
    func update(_ configuration: ForwardingConfiguration) throws -> Bool {
        guard let workers = state.withLock({ $0.workers }) else { return false }
        guard let folder else {
            try workers.update(configuration)
            return true
        }
        try folder.keep(try control.members(with: configuration)) { try workers.update(configuration) }
        return true
    }

    /// What all workers have counted.
    var snapshot: ForwardingSnapshot {
        state.withLock { state in
            state.count()
            return state.snapshot
        }
    }

    /// What the links have seen, in the order of the interfaces.
    var links: [LinkStatistics] { state.withLock { $0.links } }

    /// Why nothing, or not everything, is forwarded; `nil` while all is.
    var failure: String? {
        guard let workers = state.withLock({ $0.workers }) else { return "an interface is gone" }
        return workers.failure.map { "\($0)" }
    }

    /// Whether an engine has no room for the configuration.
    var isOutgrown: Bool {
        guard let workers = state.withLock({ $0.workers }) else { return false }
        return (0..<workers.count).contains { number in workers.withEngine(of: number) { $0.isOutgrown } }
    }

    /// What would become of a frame that comes in on an interface; `nil` while nothing is forwarded.
    func explain(_ bytes: [UInt8], interface: UInt32) -> Explanation? {
        var pool = FramePool(frameCount: 1, byteCount: 2_048, headroom: 0)
        guard let workers = state.withLock({ $0.workers }), var frame = pool.take(),
            frame.replaceBytes(with: unsafe bytes.span.bytes)
        else { return nil }
        frame.metadata.interface = interface
        let number = WorkerSpread(control, workers: workers.count).worker(for: frame) ?? 0
        let explanation = workers.withEngine(of: number) { $0.explain(frame, at: BootTime.now) }
        pool.put(frame)
        return explanation
    }
}

/// Holds an engine until its worker takes it: arrays hold nothing that cannot be copied.
private final class EngineSeat {
    private var engine: ForwardingEngine?

    init(_ engine: consuming ForwardingEngine) {
        self.engine = consume engine
    }

    func take() -> ForwardingEngine {
        guard let engine = engine.take() else { preconditionFailure("an engine is asked for once") }
        return engine
    }
}
