/// What an engine counts, for any thread to read while the engine works.
///
/// The handle outlives its engine. Counting takes the engine a few plain additions a packet; reading takes it nothing.
public struct EngineStatistics: Sendable {
    private let control: ForwardingControl
    private let packets: PacketTally
    private let flows: FlowTally
    private let worker: WorkerNumber

    init(_ control: ForwardingControl, _ worker: WorkerNumber, _ packets: PacketTally, _ flows: FlowTally) {
        self.control = control
        self.worker = worker
        self.packets = packets
        self.flows = flows
    }

    /// What has been counted up to now.
    ///
    /// - Complexity: O(n) for n services and backends.
    public func snapshot() -> ForwardingSnapshot {
        let plan = control.plan
        var snapshot = ForwardingSnapshot()
        snapshot.received = ForwardingSnapshot.Traffic(
            packets: packets.count(.received), bytes: packets.count(.receivedBytes))
        snapshot.sent = packets.count(.sent)
        snapshot.passed = packets.count(.passed)
        snapshot.answered = packets.count(.answered)
        snapshot.originated = packets.count(.originated)
        snapshot.recovered = packets.count(.recovered)
        snapshot.drops = packets.drops
        snapshot.persistentPrefixes = Int(truncatingIfNeeded: packets.count(.persistentPrefixes))
        snapshot.flows = ForwardingSnapshot.Flows(flows.all)
        snapshot.flowLimit = plan.limits.flows
        var removed = Set(plan.backends.indices.map { UInt32($0) })
        for service in plan.services { removed.subtract(service.backends) }
        let others = Dictionary(grouping: removed.sorted()) { plan.backends[Int($0)].service }
        let portsInUse = portsInUse(plan)
        snapshot.services = plan.services.prefix(flows.services).map { service in
            var counts = ForwardingSnapshot.Service(name: service.name)
            counts.drops = packets.drops(ofService: Int(service.number))
            counts.answered = packets.answers(ofService: Int(service.number))
            counts.flows = ForwardingSnapshot.Flows(flows.counter(ofService: service.number))
            counts.flowLimit = service.limits.flows < .max ? service.limits.flows : nil
            counts.backends = service.backends.filter { $0 < flows.backends }
                .map { counted($0, of: service, in: plan, portsInUse) }
            // Those that were removed, as long as they were of use.
            counts.backends += others[service.number, default: []].filter { $0 < flows.backends }
                .map { counted($0, of: service, in: plan, portsInUse) }
                .filter { $0.sent.packets > 0 || $0.returned.packets > 0 || $0.flows != ForwardingSnapshot.Flows() }
            return counts
        }
        return snapshot
    }

    private func counted(
        _ number: UInt32, of service: ServicePlan, in plan: ForwardingPlan, _ portsInUse: [UInt32: Int]
    ) -> ForwardingSnapshot.Backend {
        let backend = plan.backends[Int(number)]
        var counts = ForwardingSnapshot.Backend(
            name: backend.name, endpoint: backend.endpoint, state: backend.state, weight: backend.weight)
        counts.sent = packets.traffic(ofBackend: Int(number), isReturn: false)
        counts.returned = packets.traffic(ofBackend: Int(number), isReturn: true)
        counts.flows = ForwardingSnapshot.Flows(flows.counter(ofBackend: number))
        if service.mode == .fullNAT {
            let group = plan.groupsOfBackends[Int(number)]
            if Int(group) < plan.sourceGroups.count {
                let range = plan.sourceGroups[Int(group)].range.share(of: worker)
                counts.sourcePorts = ForwardingSnapshot.SourcePortUse(
                    used: portsInUse[group, default: 0],
                    available: range.map { $0.addresses.count * $0.ports.count } ?? 0)
            }
        }
        return counts
    }

    /// Flows of each group of source ports: each has one of them.
    private func portsInUse(_ plan: ForwardingPlan) -> [UInt32: Int] {
        var used: [UInt32: Int] = [:]
        for (number, backend) in plan.backends.prefix(flows.backends).enumerated()
        where plan.services[Int(backend.service)].mode == .fullNAT {
            used[plan.groupsOfBackends[number], default: 0] += flows.counter(ofBackend: UInt32(number)).active
        }
        return used
    }
}

extension ForwardingEngine {
    /// What the engine counts, for any thread.
    public var statistics: EngineStatistics { EngineStatistics(control, worker, counters.tally, table.tally) }
}
