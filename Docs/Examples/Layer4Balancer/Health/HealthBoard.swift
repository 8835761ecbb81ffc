import LoadBalancing
import PacketForwarding

/// Who of the backends may have work, as their probes say: the health checker of LoadBalancing, a balancer for each service,
/// of which nobody takes leases.
struct HealthBoard {
    /// What a change is told to: the service, and what happened.
    typealias Listener = @Sendable (_ service: String, _ event: BalancerEvent.Kind) async -> Void

    private struct Watch {
        let settings: ServiceSettings
        let prober: Prober?
        let balancer: LoadBalancer<BackendConfiguration>
        let task: Task<Void, Never>
    }

    private var watches: [String: Watch] = [:]
    /// Who is told of changes, from the next update on.
    var listener: Listener = { _, _ in }

    /// Watches these services from now on: what is known of backends that stay is kept, if their probes stay the same.
    mutating func update(_ services: [ServiceSettings], tunnelSource: TunnelSource) {
        let names = Set(services.map(\.name))
        for (name, watch) in watches where !names.contains(name) { end(watch, of: name) }
        for service in services {
            let prober = service.health.map { Prober($0, of: service.forwarding, tunnelSource: tunnelSource) }
            if let watch = watches[service.name] {
                guard watch.prober != prober || watch.settings.resilience != service.resilience else {
                    // The configuration was checked: names are unique, and weights in range.
                    try? watch.balancer.update(service.watched)
                    continue
                }
                end(watch, of: service.name)
            }
            if prober != nil || service.slowStart > 0 { begin(service, prober) }
        }
    }

    /// Watches nobody any more.
    mutating func endAll() {
        for (name, watch) in watches { end(watch, of: name) }
    }

    /// What is known of a service's backends; `nil` if they are not watched.
    func snapshot(of service: String) -> BalancerSnapshot? {
        watches[service]?.balancer.snapshot()
    }

    private mutating func end(_ watch: Watch, of service: String) {
        watch.task.cancel()
        watches[service] = nil
    }

    private mutating func begin(_ service: ServiceSettings, _ prober: Prober?) {
        guard
            let balancer = try? LoadBalancer<BackendConfiguration>(
                policy: .roundRobin, backends: service.watched, resilience: service.resilience)
        else { return }
        let name = service.name
        let task = Task { [listener] in
            await withDiscardingTaskGroup { group in
                group.addTask { await balancer.run() }
                group.addTask {
                    for await event in balancer.events() { await listener(name, event.kind) }
                }
                guard let prober else { return }
                group.addTask { await balancer.runHealthChecks { try await prober.report(on: $0) } }
            }
        }
        watches[name] = Watch(settings: service, prober: prober, balancer: balancer, task: task)
    }
}

extension ServiceSettings {
    /// The backends as the health checker sees them.
    fileprivate var watched: [Backend<BackendConfiguration>] {
        forwarding.backends.map { Backend(id: $0.name, endpoint: $0, weight: $0.weight) }
    }
}
