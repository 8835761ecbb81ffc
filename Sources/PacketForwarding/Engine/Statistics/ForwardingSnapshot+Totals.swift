/// Counting on.
extension ForwardingSnapshot {
    /// The numbers that only grow, without what there is at present.
    ///
    /// An engine that goes on with the flows of another one counts from 0. To go on counting as well, ``merge(_:)`` the totals
    /// of the one before into each snapshot of the new one.
    public var totals: ForwardingSnapshot {
        var totals = self
        totals.flows = flows.totals
        totals.flowLimit = 0
        totals.persistentPrefixes = 0
        for service in services.indices {
            totals.services[service].flows = services[service].flows.totals
            totals.services[service].flowLimit = nil
            for backend in services[service].backends.indices {
                totals.services[service].backends[backend].flows = services[service].backends[backend].flows.totals
                totals.services[service].backends[backend].sourcePorts = nil
            }
        }
        return totals
    }
}

extension ForwardingSnapshot.Flows {
    fileprivate var totals: Self {
        var totals = Self()
        totals.opened = opened
        totals.expired = expired
        totals.evicted = evicted
        totals.replaced = replaced
        totals.failed = failed
        return totals
    }
}
