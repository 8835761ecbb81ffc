import LoadBalancing

/// What holds while a frame is explained: the plan in force, even if no packet has come since it is.
struct ExplanationContext {
    let plan: ForwardingPlan
    let now: Timestamp
    let time: FlowTime

    init(_ plan: ForwardingPlan, _ now: Timestamp) {
        self.plan = plan
        self.now = now
        time = FlowTime(now)
    }

    /// The hash that looks rows up.
    func rowHash(_ service: ServicePlan, digest: UInt64, client: IPAddress) -> UInt64 {
        service.scheduler == .sourceHash ? FlowDigest.client(client, seed: plan.fleetSeed) : digest
    }

    /// The backend that the hash gives among those that take new flows.
    func hashed(_ service: ServicePlan, rowHash: UInt64, except refused: Set<UInt32> = []) -> UInt32? {
        let index = service.table.backend(for: rowHash) { index in
            let backend = service.backends[index]
            return plan.backends[Int(backend)].condition == .takes && !refused.contains(backend)
        }
        return index.map { service.backends[$0] }
    }
}

/// A client's packet that is explained.
struct ExplainedWay {
    let service: ServicePlan
    let packet: Packet
    let key: FlowKey
    let digest: UInt64
    let rowHash: UInt64
}
