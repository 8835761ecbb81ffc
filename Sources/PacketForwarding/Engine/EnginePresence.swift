import LoadBalancing

/// An engine as control knows it, from before it takes its first plan until it ends.
final class EnginePresence: Sendable {
    /// What an engine says of itself.
    struct Report: Sendable {
        /// How much it has room for.
        let capacity: EngineCapacity
        /// The version of the plan that it goes by: none of its packets goes by an older one any more.
        let version: UInt64
        /// Those that the plan has no longer, and that no flow is left of: none can begin.
        let idleServices: Set<UInt16>
        let idleBackends: Set<UInt32>
    }

    private let report = Guarded<Report?>(nil)

    /// How much the engine has room for; `nil` before it has any.
    var capacity: EngineCapacity? { report.withLock { $0?.capacity } }

    /// What the engine said last; `nil` before it has a plan, when it may have flows of anybody.
    var lastReport: Report? { report.withLock { $0 } }

    /// Says how the engine stands.
    func say(_ report: Report) {
        self.report.withLock { $0 = report }
    }
}

extension EnginePresence.Report {
    /// How an engine stands that goes by a plan.
    init(_ capacity: EngineCapacity, _ plan: ForwardingPlan, _ table: borrowing FlowTable) {
        self.capacity = capacity
        version = plan.version
        var idleServices: Set<UInt16> = []
        for service in plan.services where service.removal != nil {
            if table.counts(ofService: service.number).active == 0 { idleServices.insert(service.number) }
        }
        var idleBackends: Set<UInt32> = []
        for (place, backend) in plan.backends.enumerated() where backend.removal != nil {
            let number = UInt32(truncatingIfNeeded: place)
            if table.counts(ofBackend: number).active == 0 { idleBackends.insert(number) }
        }
        (self.idleServices, self.idleBackends) = (idleServices, idleBackends)
    }

    /// Whether the engine knows that a backend was removed, and has no flow of it.
    func isIdle(backend: UInt32, removedBy removal: UInt64) -> Bool {
        removal <= version && idleBackends.contains(backend)
    }

    /// Whether the engine knows that a service was removed, and has no flow of it.
    func isIdle(service: UInt16, removedBy removal: UInt64) -> Bool {
        removal <= version && idleServices.contains(service)
    }
}
