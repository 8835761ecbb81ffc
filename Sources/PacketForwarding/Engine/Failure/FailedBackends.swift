import LoadBalancing

/// Backends that have failed, and whether their flows are to be ended without waiting for packets.
///
/// A backend's turn comes a second after its failure. If by then most of its service's backends that were alive have failed
/// within ten seconds of it, nothing is done about any of them: the fault is then more likely this side's, and the
/// connections may outlive it.
struct FailedBackends {
    /// How long others have time to fail too.
    static let grace = Duration.seconds(1)
    /// How far apart failures are that count as one.
    static let span = Duration.seconds(10)

    /// Since when each backend is down.
    private var failures: [UInt32: Timestamp] = [:]
    /// Backends whose turn is yet to come, in the order of their failure.
    private var waiting: [UInt32] = []
    /// The version of the plan that failures are known from.
    private var version: UInt64 = 0
    /// The backend whose flows are walked through.
    private(set) var current: UInt32?

    /// Goes on with a plan: notes who has failed since the one before, and who is alive again.
    mutating func update(_ plan: ForwardingPlan, now: Timestamp) {
        guard plan.version != version else { return }
        version = plan.version
        for (place, backend) in plan.backends.enumerated() {
            let number = UInt32(truncatingIfNeeded: place)
            if backend.condition != .down {
                if failures.removeValue(forKey: number) != nil { waiting.removeAll { $0 == number } }
                if current == number { current = nil }
            } else if failures[number] == nil {
                failures[number] = now
                let service = plan.services[Int(backend.service)]
                if service.resets || service.endsFlows { waiting.append(number) }
            }
        }
    }

    /// Forgets backends whose numbers others get.
    mutating func forget(_ backends: Set<UInt32>) {
        for backend in backends { failures[backend] = nil }
        waiting.removeAll { backends.contains($0) }
        if let current, backends.contains(current) { finish() }
    }

    /// The next backend whose flows are to be walked through; `nil` if there is none by now.
    mutating func next(_ plan: ForwardingPlan, now: Timestamp) -> UInt32? {
        while let number = waiting.first, let failure = failures[number], now.duration(since: failure) >= Self.grace {
            waiting.removeFirst()
            if !isProbablyOurs(number, failure, plan) {
                current = number
                return number
            }
        }
        return nil
    }

    /// Says that the walk is over.
    mutating func finish() {
        current = nil
    }

    /// Whether most backends of the service failed together.
    private func isProbablyOurs(_ number: UInt32, _ failure: Timestamp, _ plan: ForwardingPlan) -> Bool {
        let service = plan.services[Int(plan.backends[Int(number)].service)]
        // One that was taken out of the configuration has not failed.
        guard service.backends.contains(number) else { return false }
        var alive = 0
        var together = 0
        for member in service.backends {
            guard let other = failures[member] else {
                alive += 1
                continue
            }
            let distance = max(other, failure).duration(since: min(other, failure))
            if distance <= Self.span { together += 1 }
        }
        return together > alive
    }
}
