/// Clients that go where they, or others of their prefix, went before.
extension ForwardingEngine {
    /// The backend that a client's prefix went to last, if it still takes new flows.
    ///
    /// One that is draining, down or without weight gets no new flow from here either: the scheduler chooses another one,
    /// which is remembered from then on.
    func persistentBackend(of client: IPAddress, service: UInt16, in plan: ForwardingPlan, now: FlowTime) -> UInt32? {
        guard let persistence = plan.services[Int(service)].persistence,
            let backend = persistent?.backend(of: persistence.prefix(of: client), service: service, now: now),
            plan.backends[Int(backend)].condition == .takes
        else { return nil }
        return backend
    }

    /// Remembers where a new flow went.
    mutating func notePersistence(of client: IPAddress, service: UInt16, backend: UInt32, now: FlowTime) {
        guard let persistence = plan.services[Int(service)].persistence else { return }
        persistent?.note(
            backend, of: persistence.prefix(of: client), service: service, timeout: persistence.timeout, now: now)
        counters.setPersistentPrefixes(persistent?.count ?? 0)
    }

    /// Forgets those whose time is over.
    mutating func expirePersistence(now: FlowTime, budget: Int) {
        guard persistent != nil else { return }
        persistent?.expire(now: now, budget: budget)
        counters.setPersistentPrefixes(persistent?.count ?? 0)
    }
}
