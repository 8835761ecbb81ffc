/// What a drain waits for.
enum DrainScope {
    /// One slot, whether or not it is in the set in force.
    case slot(id: UInt32, identity: String)
    /// All slots, also those that are not in the set in force.
    case everything
}

extension SlotRegistry {
    /// Leases in flight.
    func inFlight(on scope: DrainScope) -> Int {
        state.withLock { state in state.slots(of: scope).reduce(0) { $0 + $1.leaseCount } }
    }

    /// Waits until there may be fewer slots with leases in flight, the time is over or the task is cancelled.
    nonisolated(nonsending) func waitForEnds(on scope: DrainScope, until deadline: Timestamp) async {
        let call = WakeUpCall()
        guard let (slot, id) = watch(scope, for: call) else { return }
        await call.wait(until: deadline, by: time)
        unwatch(slot, id: id, of: scope, for: call)
    }

    /// Has `call` made when the last lease of a busy slot has ended; gives the slot, `nil` if there is no such slot.
    private func watch(_ scope: DrainScope, for call: WakeUpCall) -> (slot: Slot, id: UInt32)? {
        state.withLock { state in
            guard let slot = state.slots(of: scope).first(where: { $0.leaseCount > 0 }) else { return nil }
            DrainWatches.add(call, at: slot)
            slot.mark(isWatched: true)
            // A lease that ends from now on finds the mark; one that ended before is seen here.
            if slot.leaseCount == 0 { call.make() }
            return (slot, slot.id)
        }
    }

    /// Takes the mark off, unless others wait for the same slot, or it is gone and its memory another's.
    private func unwatch(_ slot: Slot, id: UInt32, of scope: DrainScope, for call: WakeUpCall) {
        state.withLock { state in
            guard DrainWatches.remove(call, at: slot), state.slots(of: scope).contains(where: { $0.id == id }) else {
                return
            }
            slot.mark(isWatched: false)
        }
    }
}

extension SlotRegistry.State {
    fileprivate func slots(of scope: DrainScope) -> [Slot] {
        switch scope {
        case .slot(let id, let identity):
            let current = current[identity].flatMap { $0.id == id ? $0 : nil }
            return [draining[id] ?? current].compactMap { $0 }
        case .everything:
            return Array(draining.values) + current.values.filter { draining[$0.id] == nil }
        }
    }
}
