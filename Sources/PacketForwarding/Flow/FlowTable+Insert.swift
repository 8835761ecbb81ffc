/// How the attempt to take in a flow ended.
enum FlowInsertion: Hashable, Sendable {
    /// The flow is at this position.
    case inserted(UInt32)
    /// A limit is reached.
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
    /// that one's limit. The flow must not share answers with another (``sharesAnswers(_:backend:now:)``).
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
        if case .inPlaceOf(let victim) = room { end(victim, as: .evicted, now: now) }
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
        note(.opened, ends)
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
        var reached = reachedLimit(service, state)
        if reached != nil {
            _ = expire(now: now, budget: Self.collectionBudget)
            reached = reachedLimit(service, state)
        }
        guard let reached else { return .free }
        guard mode.seesBoth, reached.givesWay else { return .none }
        return firstHalfOpen(of: reached.isOfService ? service : nil).map { .inPlaceOf($0) } ?? .none
    }

    private func reachedLimit(_ service: UInt16, _ state: FlowState) -> FlowLimit? {
        let own = services.counter(service)
        let ownLimits = services.limits(service)
        if state.isAdopted {
            if counter.adopted >= limits.adopted { return .adopted }
            if own.adopted >= ownLimits.adopted { return .serviceAdopted }
        }
        let isHalfOpen = state.phase == .handshake
        // Room that the service's own flow makes is room in all as well.
        if isHalfOpen, own[.halfOpen] >= ownLimits.halfOpen { return .serviceHalfOpen }
        if own.active >= ownLimits.flows { return .serviceFlows }
        if isHalfOpen, counter[.halfOpen] >= limits.halfOpen { return .halfOpen }
        return counter.active >= min(limits.flows, shape.flows) ? .flows : nil
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
