import Foundation
import LoadBalancing
import PacketForwarding
import Synchronization

/// Everything that forwards: the control that workers follow, the workers, and whoever finds stations for them.
final class Forwarder: Sendable {
    let control: ForwardingControl
    let workers: [WorkerThread]
    private let neighbours: NeighbourThread
    private let folder: FlowFolder?
    private let history: Mutex<[ForwardingConfiguration]>

    private init(
        _ control: ForwardingControl, _ workers: [WorkerThread], _ folder: FlowFolder?,
        _ history: [ForwardingConfiguration]
    ) {
        self.control = control
        self.workers = workers
        self.folder = folder
        self.history = Mutex(history)
        neighbours = NeighbourThread(control)
    }

    /// Begins to forward; flows that another process left in the folder go on, if they can.
    ///
    /// - Throws: what is missing: ``FlowMemoryError`` or `PacketSocketError`.
    static func start(
        _ configuration: ForwardingConfiguration, _ settings: DaemonConfiguration
    ) async throws -> Forwarder {
        let folder = try settings.flowMemory.map { path throws(FlowMemoryError) in try FlowFolder(path) }
        let history = folder?.history ?? []
        // The last configuration may have been kept and not yet been in force.
        for count in [history.count, history.count - 1] where count > 0 {
            let before = history.prefix(count).map { configuration.withServices(of: $0) }
            do {
                let forwarder = try await make(before, attaching: true, folder, settings)
                try forwarder.update(configuration)
                Log.say("goes on with \(forwarder.snapshot.flows.active) flows")
                return forwarder
            } catch let error as FlowTableError {
                Log.say("flows cannot go on: \(error)")
            } catch is ForwardingConfigurationError {
                Log.say("flows cannot go on: their services contradict the new configuration")
            }
        }
        return try await make([configuration], attaching: false, folder, settings)
    }

    private static func make(
        _ history: [ForwardingConfiguration], attaching attaches: Bool, _ folder: FlowFolder?,
        _ settings: DaemonConfiguration
    ) async throws -> Forwarder {
        let control = try ForwardingControl(history[0])
        for configuration in history.dropFirst() { try control.update(configuration) }
        try folder?.keep(history)
        // Room for full NAT in a configuration to come.
        let capacity = EngineCapacity(sourceGroups: 1_024)
        let byteCount = ForwardingEngine.flowByteCount(control, capacity: capacity)
        var workers: [WorkerThread] = []
        for number in 0..<settings.workers.count {
            let memory =
                try folder?.memory(of: number, byteCount: byteCount) ?? FlowMemory(byteCount: byteCount)
            workers.append(
                WorkerThread(
                    WorkerThread.Equipment(
                        control: control, worker: WorkerNumber(number, of: settings.workers.count),
                        interfaces: settings.interfaces, options: settings.ring.options, capacity: capacity,
                        memory: memory, cpu: settings.workers.cpu(of: number)),
                    capture: settings.capture))
        }
        var started: [WorkerThread] = []
        do {
            for worker in workers {
                try await worker.start(attaching: attaches)
                started.append(worker)
            }
        } catch {
            for worker in started { worker.stop() }
            throw error
        }
        return Forwarder(control, workers, folder, history)
    }

    /// Puts a configuration in force; flows go on.
    func update(_ configuration: ForwardingConfiguration) throws {
        try history.withLock { history in
            let last = history.last
            if let last, last.numbersAlike(configuration) { return }
            try configuration.check()
            history.append(configuration)
            try folder?.keep(history)
        }
        try control.update(configuration)
    }

    /// What all workers have counted.
    var snapshot: ForwardingSnapshot {
        ForwardingSnapshot(merging: workers.compactMap { $0.report.engine?.snapshot() })
    }

    /// Why some worker does not forward; `nil` if all do.
    var failure: String? {
        workers.lazy.compactMap { worker in worker.report.failure.map { "worker \(worker.number): \($0)" } }.first
    }

    /// What would become of a packet that comes in on an interface.
    func explain(_ bytes: [UInt8], interface: UInt32) async -> Explanation? {
        var pool = FramePool(frameCount: 1, byteCount: 2_048, headroom: 0)
        guard var frame = pool.take(), frame.replaceBytes(with: unsafe bytes.span.bytes) else { return nil }
        frame.metadata.interface = interface
        let number = WorkerSpread(control, workers: workers.count).worker(for: frame) ?? 0
        pool.put(frame)
        return await workers[number].explain(bytes, interface: interface)
    }

    /// Opens all links anew.
    func reopen() {
        for worker in workers { worker.reopen() }
        neighbours.reopen()
    }

    /// Ends; flows stay in the folder.
    func stop() {
        neighbours.stop()
        for worker in workers { worker.stop() }
    }
}

extension ForwardingConfiguration {
    /// This configuration with the services of another one, wherever they were announced.
    fileprivate func withServices(of other: ForwardingConfiguration) -> ForwardingConfiguration {
        var configuration = self
        configuration.services = other.services
        for index in configuration.services.indices { configuration.services[index].announce = nil }
        return configuration
    }
}
