/// Several workers' counts as one.
extension ForwardingSnapshot {
    /// The counts of several workers of one ``ForwardingControl`` together.
    public init(merging snapshots: some Sequence<ForwardingSnapshot>) {
        self.init()
        for snapshot in snapshots { merge(snapshot) }
    }

    /// Adds another worker's counts; services and backends are the same where their names and addresses are.
    public mutating func merge(_ other: ForwardingSnapshot) {
        received.add(other.received)
        sent += other.sent
        passed += other.passed
        drops.merge(other.drops, uniquingKeysWith: +)
        answered += other.answered
        originated += other.originated
        recovered += other.recovered
        flows.add(other.flows)
        flowLimit += other.flowLimit
        persistentPrefixes += other.persistentPrefixes
        for service in other.services {
            if let place = services.firstIndex(where: { $0.name == service.name }) {
                services[place].merge(service)
            } else {
                services.append(service)
            }
        }
    }
}

extension ForwardingSnapshot.Traffic {
    mutating func add(_ other: Self) {
        packets += other.packets
        bytes += other.bytes
    }
}

extension ForwardingSnapshot.Flows {
    init(_ counter: FlowCounter) {
        let (counts, turnover) = (counter.counts, counter.turnover)
        halfOpen = counts.halfOpen
        established = counts.established
        closing = counts.closing
        datagrams = counts.datagrams
        adopted = counts.adopted
        opened = turnover.opened
        expired = turnover.expired
        evicted = turnover.evicted
        replaced = turnover.replaced
        failed = turnover.failed
    }

    mutating func add(_ other: Self) {
        halfOpen += other.halfOpen
        established += other.established
        closing += other.closing
        datagrams += other.datagrams
        adopted += other.adopted
        opened += other.opened
        expired += other.expired
        evicted += other.evicted
        replaced += other.replaced
        failed += other.failed
    }
}

extension ForwardingSnapshot.Service {
    fileprivate mutating func merge(_ other: Self) {
        drops.merge(other.drops, uniquingKeysWith: +)
        answered += other.answered
        flows.add(other.flows)
        if let limit = other.flowLimit { flowLimit = (flowLimit ?? 0) + limit }
        for backend in other.backends {
            let place = backends.firstIndex { $0.name == backend.name && $0.endpoint == backend.endpoint }
            if let place { backends[place].merge(backend) } else { backends.append(backend) }
        }
    }
}

extension ForwardingSnapshot.Backend {
    fileprivate mutating func merge(_ other: Self) {
        sent.add(other.sent)
        returned.add(other.returned)
        flows.add(other.flows)
        guard let ports = other.sourcePorts else { return }
        sourcePorts = ForwardingSnapshot.SourcePortUse(
            used: (sourcePorts?.used ?? 0) + ports.used, available: (sourcePorts?.available ?? 0) + ports.available)
    }
}
