import LoadBalancing

/// The backend whose latency average × (leases in flight + 1) is least; one without a measurement gets one request first.
struct Quickest: Picker {
    mutating func pick(_ request: PickRequest, from pool: borrowing BackendPool) -> Int? {
        var best: (index: Int, cost: Float)?
        for index in 0..<pool.count where pool.admits(index, for: request) {
            let inFlight = Float(pool.inFlight(at: index))
            let unmeasured: Float = inFlight == 0 ? 0 : .infinity
            let cost = pool.latency(at: index, time: request.time).map { $0 * (inFlight + 1) } ?? unmeasured
            if let best, best.cost <= cost { continue }
            best = (index, cost)
        }
        return best?.index
    }
}

/// Quickest: ``Quickest``.
struct QuickestPolicy: Policy {
    var requirements: PolicyRequirements {
        PolicyRequirements(latency: .decaying(timeConstant: .seconds(5)))
    }

    func makePicker(for pool: borrowing BackendPool, seed: UInt64) -> Quickest { Quickest() }
}
