/// Looking without touching: what a search, an insertion or a change would find, for explanations.
extension FlowTable {
    /// The flow of a client's packet, as ``find(_:hash:candidate:now:)`` would give it.
    func peek(_ key: FlowKey, hash: UInt64, now: FlowTime) -> UInt32? {
        living(index.first(hash) { isFlow($0, of: key) }, at: now)
    }

    /// The flow that a backend's packet answers, as ``findAnswered(_:from:hash:candidate:now:)`` would give it.
    func peekAnswered(_ key: FlowKey, from endpoint: UInt32, now: FlowTime) -> UInt32? {
        living(index.first(hash(key)) { isFlow($0, of: key, at: endpoint) }, at: now)
    }

    /// The flow that a backend's packet to one of our addresses answers, as ``findTranslated(to:from:transport:now:)``
    /// would give it.
    func peekTranslated(
        to source: FlowSource, from endpoint: UInt32, transport: IPProtocol, now: FlowTime
    ) -> UInt32? {
        let position = translated?.first(translatedHash(source, endpoint, transport)) { position in
            let standing = entries.standing(position)
            return standing.source == source && standing.mode == .fullNAT && !standing.state.isFree
                && standing.state.transport == transport
                && backends.endpoint(entries.ends(position).backend) == endpoint
        }
        return living(position, at: now)
    }

    /// Whether a new flow of a client would share the answers of another service's flow.
    func peekSharesAnswers(_ key: FlowKey, at endpoint: UInt32, now: FlowTime) -> Bool {
        peekAnswered(key, from: endpoint, now: now).map { entries.ends($0).clientAndService != key.ends } ?? false
    }

    /// Whether a new flow could be taken in, be it in place of another, as far as limits go.
    ///
    /// - Parameters:
    ///   - service: The flow's service.
    ///   - state: The state it would begin in.
    ///   - mode: The service's mode.
    ///   - limits: What holds for all services.
    ///   - ownLimits: What holds for the service.
    ///   - now: The present.
    /// - Complexity: O(n) in the flows, at most 65,536 of them, if a limit is reached, else O(1).
    /// - Returns: what ``hasRoom(service:state:mode:now:)`` would, and the limit that is reached, if one is.
    func peekRoom(
        service: UInt16, state: FlowState, mode: FlowMode, limits: FlowLimits, ownLimits: FlowLimits, now: FlowTime
    ) -> (isThere: Bool, limit: FlowLimit?) {
        var all = counter.counts
        var own = services.counter(service).counts
        func reachedLimit() -> FlowLimit? {
            if state.isAdopted, all.adopted >= limits.adopted { return .adopted }
            if state.isAdopted, own.adopted >= ownLimits.adopted { return .serviceAdopted }
            let isHalfOpen = state.phase == .handshake
            if isHalfOpen, own.halfOpen >= ownLimits.halfOpen { return .serviceHalfOpen }
            if own.active >= ownLimits.flows { return .serviceFlows }
            if isHalfOpen, all.halfOpen >= limits.halfOpen { return .halfOpen }
            return all.active >= min(limits.flows, shape.flows) ? .flows : nil
        }
        guard reachedLimit() != nil else { return (true, nil) }
        for position in 0..<min(header.used, 1 << 16) where isDue(position, now) {
            all.remove(self.state(of: position))
            if self.service(of: position) == service { own.remove(self.state(of: position)) }
        }
        guard let reached = reachedLimit() else { return (true, nil) }
        // With NAT a half-open flow gives way.
        let halfOpen = reached.isOfService ? own.halfOpen : all.halfOpen
        return (mode.seesBoth && reached.givesWay && halfOpen > 0, reached)
    }

    /// A source that full NAT would give a flow to a backend; `nil` if there is none.
    func peekSource(for backend: UInt32, now: FlowTime) -> FlowSource? {
        let group = backends.ports(backend)
        if let source = sources?.peek(from: group, now: now) { return source }
        // Those whose time has come are ended before a new flow is refused.
        for position in 0..<min(header.used, 1 << 16) where isDue(position, now) {
            let isOfGroup = backends.ports(entries.ends(position).backend) == group
            if isOfGroup, entries.standing(position).mode == .fullNAT { return source(of: position) }
        }
        return nil
    }

    private func isDue(_ position: UInt32, _ now: FlowTime) -> Bool {
        !state(of: position).isFree && entries.deadline(position).hasCome(by: now)
    }

    private func living(_ position: UInt32?, at now: FlowTime) -> UInt32? {
        position.flatMap { entries.deadline($0).hasCome(by: now) ? nil : $0 }
    }
}

extension FlowCounts {
    /// Counts a flow out.
    fileprivate mutating func remove(_ state: FlowState) {
        switch state.phase.kind {
        case .halfOpen: halfOpen -= 1
        case .established: established -= 1
        case .closing: closing -= 1
        case .datagrams: datagrams -= 1
        }
        if state.isAdopted { adopted -= 1 }
    }
}
