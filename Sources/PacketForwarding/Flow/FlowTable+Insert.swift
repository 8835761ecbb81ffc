/// How the attempt to take in a flow ended.
enum FlowInsertion: Hashable, Sendable {
    /// The flow is at this position.
    case inserted(UInt32)
    /// The table, or a quota, is full.
    case full
    /// Full NAT has no source for it.
    case noSource
}

extension FlowTable {
    /// Whether a new flow could be taken in, be it in place of a half-open one.
    ///
    /// - Parameters:
    ///   - service: The flow's service.
    ///   - state: The state it would begin in.
    ///   - mode: The service's mode: with NAT a half-open flow gives way.
    ///   - now: The present.
    /// - Returns: whether ``insert(_:hash:backend:state:mode:now:)`` would not end with ``FlowInsertion/full``.
    mutating func hasRoom(service: UInt16, state: FlowState, mode: FlowMode, now: FlowTime) -> Bool {
        room(service, state, mode, now: now) != .none
    }

    /// Takes in a flow that is not here.
    ///
    /// The limits of ``FlowTable/limits`` and of the service hold. Where one of them is reached, flows whose time has
    /// come make room, then with NAT the half-open flow that began first: of any service, or of the flow's own if it is
    /// that one's quota. The flow must not share answers with another (``sharesAnswers(_:backend:now:)``).
    ///
    /// - Parameters:
    ///   - key: The flow's key.
    ///   - hash: The key's hash.
    ///   - backend: The number of its backend.
    ///   - state: The state it begins in.
    ///   - mode: The service's mode.
    ///   - now: The present.
    /// - Returns: where the flow is, or why it is not.
    mutating func insert(
        _ key: FlowKey, hash: UInt64, backend: UInt32, state: FlowState, mode: FlowMode, now: FlowTime
    ) -> FlowInsertion {
        let room = room(key.service, state, mode, now: now)
        guard room != .none, index.hasRoom(hash) else { return .full }
        guard let source = takeSource(mode, backend, state.transport, now: now) else { return .noSource }
        if case .inPlaceOf(let victim) = room { endEvicted(victim, now: now) }
        let position = takeFree()
        let ends = FlowEnds(key, backend: backend)
        let standing =
            mode == .oneWay
            ? FlowStanding(state, key.client.version, mark: key.entryMark)
            : FlowStanding(state, mode, key.client.version, source: source)
        entries.setClient(of: key, position)
        entries.setEnds(ends, position)
        entries.setBegan(now, position)
        entries.setDeadline(now + services.timeout(key.service, state.phase.kind), position)
        entries.setSequences(0, position)
        _ = index.insert(position, hash)
        indexSource(position, standing, ends)
        enter(position, state, ends)
        noteOpened(ends)
        wheel.insert(position)
        TableFence.passed()
        entries.setStanding(standing, position)
        return .inserted(position)
    }

    private enum Room: Equatable {
        case free
        case inPlaceOf(UInt32)
        case none
    }

    private mutating func room(_ service: UInt16, _ state: FlowState, _ mode: FlowMode, now: FlowTime) -> Room {
        var shortage = shortage(service, state)
        if shortage != .none {
            _ = expire(now: now, budget: Self.collectionBudget)
            shortage = self.shortage(service, state)
        }
        switch shortage {
        case .none: return .free
        case .ofAll where mode.seesBoth: return firstHalfOpen(of: nil).map { .inPlaceOf($0) } ?? .none
        case .ofService where mode.seesBoth: return firstHalfOpen(of: service).map { .inPlaceOf($0) } ?? .none
        case .ofAll, .ofService, .ofAdopted: return .none
        }
    }

    private enum Shortage {
        case none, ofAll, ofService, ofAdopted
    }

    private func shortage(_ service: UInt16, _ state: FlowState) -> Shortage {
        if state.isAdopted {
            let isFull =
                counter.adopted >= limits.quota.adopted
                || services.counter(service).adopted >= services.quota(service).adopted
            if isFull { return .ofAdopted }
        }
        if state.phase == .handshake {
            // Room that the service's own flow makes is room in all as well.
            if services.counter(service)[.halfOpen] >= services.quota(service).halfOpen { return .ofService }
            if counter[.halfOpen] >= limits.quota.halfOpen { return .ofAll }
        }
        return counter.active >= min(limits.flows, shape.flows) ? .ofAll : .none
    }

    /// The steps that are taken to find flows whose time has come before another one is evicted or refused.
    private static var collectionBudget: Int { 64 }
}

/// Positions that are in no use.
extension FlowTable {
    /// A free position: one that was used, the last first (it may still be in the cache), else the first that never
    /// was.
    private mutating func takeFree() -> UInt32 {
        let position = lastFree
        if position != Self.none {
            lastFree = entries.nextFree(position)
            return position
        }
        let first = header.used
        entries.setStanding(FlowStanding(rawValue: 0), first)
        TableFence.passed()
        header.used = first + 1
        return first
    }

    /// Gives back the position of a flow that is in no list any more.
    mutating func free(_ position: UInt32) {
        entries.setNextFree(lastFree, position)
        lastFree = position
    }
}
