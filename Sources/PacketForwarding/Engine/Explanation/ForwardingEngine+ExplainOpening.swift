import LoadBalancing

/// New flows.
extension ForwardingEngine {
    /// A flow that begins by the scheduler, or takes the place of one that has lost its backend.
    func explainOpening(
        _ frame: borrowing Frame, _ way: ExplainedWay, replacing position: UInt32?, as state: FlowState,
        _ explanation: Explanation, _ context: ExplanationContext
    ) -> Explanation {
        var explanation = explanation
        if position == nil, !way.service.mode.isNAT {
            let room = peekRoom(way, state, context)
            guard room.isThere else {
                explanation.limit = room.limit
                return explainWithoutFlow(
                    frame, way, context.hashed(way.service, rowHash: way.rowHash), .hash, explanation, context)
            }
        }
        let (chosen, choice, reason) = explainedChoice(way, context)
        explanation.choice = choice
        guard let backend = chosen else {
            explanation.backend = nil
            guard reason == .noBackend else { return explanation.ending(.drop(reason)) }
            return explainRefusal(.noBackend, frame, way, isAnswered: true, explanation, context)
        }
        explanation.backend = context.plan.backends[Int(backend)].name
        if let obstacle = explainObstacle(frame, way.packet, way.service, toward: backend, explanation, context) {
            return obstacle
        }
        if position != nil { return explainMove(frame, way, to: backend, explanation, context) }
        return explainInsertion(frame, way, backend: backend, as: state, explanation, context)
    }

    /// A flow that gets another backend.
    func explainMove(
        _ frame: borrowing Frame, _ way: ExplainedWay, to backend: UInt32, _ explanation: Explanation,
        _ context: ExplanationContext
    ) -> Explanation {
        var source = FlowSource.none
        if way.service.mode == .fullNAT {
            guard let free = table.peekSource(for: backend, now: context.time) else {
                return explanation.ending(.drop(.noPort))
            }
            source = free
        }
        var explanation = explanation
        explanation.beginsFlow = true
        return explainSend(
            frame, way.packet, way.service, toward: backend, sender: sender(way, source, context), digest: way.digest,
            explanation, context)
    }

    /// A flow that is taken into the table; without room, tunnels and direct return serve it all the same.
    func explainInsertion(
        _ frame: borrowing Frame, _ way: ExplainedWay, backend: UInt32, isNamed: Bool = false, as state: FlowState,
        _ explanation: Explanation, _ context: ExplanationContext
    ) -> Explanation {
        let room = peekRoom(way, state, context)
        var explanation = explanation
        explanation.limit = room.limit
        guard room.isThere, table.index.hasRoom(table.hash(way.key)) else {
            guard !way.service.mode.isNAT else { return explanation.ending(.drop(.tableFull)) }
            let other = isNamed ? backend : context.hashed(way.service, rowHash: way.rowHash)
            return explainWithoutFlow(frame, way, other, isNamed ? .connectionID : .hash, explanation, context)
        }
        return explainMove(frame, way, to: backend, explanation, context)
    }

    private func explainWithoutFlow(
        _ frame: borrowing Frame, _ way: ExplainedWay, _ backend: UInt32?, _ choice: Explanation.Choice,
        _ explanation: Explanation, _ context: ExplanationContext
    ) -> Explanation {
        var explanation = explanation
        explanation.choice = choice
        explanation.backend = backend.map { context.plan.backends[Int($0)].name }
        guard let backend else {
            return explainRefusal(.noBackend, frame, way, isAnswered: true, explanation, context)
        }
        if let obstacle = explainObstacle(frame, way.packet, way.service, toward: backend, explanation, context) {
            return obstacle
        }
        return explainSend(
            frame, way.packet, way.service, toward: backend, sender: nil, digest: way.digest, explanation, context)
    }

    private func peekRoom(
        _ way: ExplainedWay, _ state: FlowState, _ context: ExplanationContext
    ) -> (isThere: Bool, limit: FlowLimit?) {
        table.peekRoom(
            service: way.service.number, state: state, mode: way.service.flowMode,
            limits: FlowLimits(context.plan.limits), ownLimits: way.service.limits, now: context.time)
    }

    /// The scheduler's choice, passed on where another service's flow has the same answers.
    private func explainedChoice(
        _ way: ExplainedWay, _ context: ExplanationContext
    ) -> (backend: UInt32?, choice: Explanation.Choice, reason: DropReason) {
        func isFree(_ backend: UInt32) -> Bool {
            way.service.flowMode != .nat
                || !table.peekSharesAnswers(
                    way.key, at: context.plan.backends[Int(backend)].endpointNumber, now: context.time)
        }
        let kept = persistentBackend(
            of: way.key.client, service: way.service.number, in: context.plan, now: context.time)
        if let kept, isFree(kept) { return (kept, .persistence, .noBackend) }
        let number = Int(way.service.number)
        var scheduler =
            number < schedulers.count
            ? schedulers[number] : FlowScheduler(way.service.scheduler, seed: context.plan.fleetSeed)
        scheduler.separate(way.service, in: context.plan, isCurrent: context.plan.version == plan.version) { backend in
            table.counts(ofBackend: backend).established
        }
        if scheduler.isHash {
            var refused: Set<UInt32> = []
            while let next = context.hashed(way.service, rowHash: way.rowHash, except: refused) {
                if isFree(next) { return (next, .scheduler, .noBackend) }
                refused.insert(next)
            }
            return (nil, .scheduler, refused.isEmpty ? .noBackend : .noPort)
        }
        var isShared = false
        for _ in 0..<max(scheduler.takerCount, 1) {
            let backend = scheduler.next(now: context.now)
            guard let backend else { break }
            if isFree(backend) { return (backend, .scheduler, .noBackend) }
            isShared = true
        }
        return (nil, .scheduler, isShared ? .noPort : .noBackend)
    }
}
