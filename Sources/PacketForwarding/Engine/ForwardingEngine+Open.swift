import LoadBalancing

/// New flows.
extension ForwardingEngine {
    /// Begins a flow by the scheduler, or another one in place of one that has lost its backend.
    ///
    /// A turn of the scheduler is taken only if the packet is sent, or full NAT has no port toward the backend.
    mutating func openFlow(
        _ frame: inout Frame, _ way: ClientWay, replacing position: UInt32?, as state: FlowState,
        _ pass: inout Passage, _ pieces: inout FrameBatch, _ pool: inout FramePool
    ) -> Verdict {
        let number = Int(way.service.number)
        if position == nil, !way.service.mode.isNAT,
            !table.hasRoom(service: way.key.service, state: state, mode: way.service.flowMode, now: pass.time)
        {
            return serveWithoutFlow(&frame, way, hashed(way), pass, &pieces, &pool)
        }
        let before = schedulers[number].turns
        let (chosen, reason) = chosenBackend(way, now: pass)
        guard let backend = chosen else {
            schedulers[number].turns = before
            guard reason == .noBackend else { return .drop(reason) }
            return refuse(.noBackend, &frame, way, isAnswered: true, pass)
        }
        if let verdict = obstacle(&frame, way.packet, way.service, toward: backend, pass) {
            schedulers[number].turns = before
            return verdict
        }
        let verdict: Verdict
        if let position {
            if rebind(position, to: backend, as: state, now: pass.time) {
                let source = table.source(of: position)
                verdict = send(&frame, way, toward: backend, source: source, pass, &pieces, &pool)
            } else {
                verdict = .drop(.noPort)
            }
        } else {
            verdict = insert(&frame, way, backend: backend, as: state, &pass, &pieces, &pool)
        }
        if case .drop(let reason) = verdict {
            // Whoever has no port left is not asked again before all others.
            if reason != .noPort { schedulers[number].turns = before }
        } else {
            notePersistence(of: way.key.client, service: way.service.number, backend: backend, now: pass.time)
        }
        return verdict
    }

    /// The scheduler's choice, passed on where another service's flow has the same answers.
    private mutating func chosenBackend(_ way: ClientWay, now pass: borrowing Passage) -> (UInt32?, DropReason) {
        let number = Int(way.service.number)
        var shared = false
        func isFree(_ backend: UInt32, _ table: inout FlowTable) -> Bool {
            way.service.flowMode != .nat || !table.sharesAnswers(way.key, backend: backend, now: pass.time)
        }
        let client = way.key.client
        if let backend = persistentBackend(of: client, service: way.service.number, in: plan, now: pass.time),
            isFree(backend, &table)
        {
            return (backend, .noBackend)
        }
        if schedulers[number].isHash {
            guard let first = hashed(way) else { return (nil, .noBackend) }
            if isFree(first, &table) { return (first, .noBackend) }
            var refused: Set<UInt32> = [first]
            while let next = hashed(way, except: refused) {
                if isFree(next, &table) { return (next, .noBackend) }
                refused.insert(next)
            }
            return (nil, .noPort)
        }
        if schedulers[number].readsLoads { settleLoads() }
        for _ in 0..<max(schedulers[number].takerCount, 1) {
            let backend = schedulers[number].next(now: pass.now)
            guard let backend else { break }
            if isFree(backend, &table) { return (backend, .noBackend) }
            shared = true
        }
        return (nil, shared ? .noPort : .noBackend)
    }

    /// Tells schedulers which loads have changed.
    ///
    /// - Complexity: O(1) for each change; O(n) for n backends after another plan, or very many changes.
    private mutating func settleLoads() {
        if table.loadChanges.areTooMany {
            for number in schedulers.indices { schedulers[number].forgetLoads() }
        } else {
            for backend in table.loadChanges.backends {
                let plan = plan.backends[Int(backend)]
                schedulers[Int(plan.service)].setLoad(
                    table.backends.counter(backend)[.established], of: backend, atPlace: plan.index)
            }
        }
        table.loadChanges.forget()
        for number in schedulers.indices {
            schedulers[number].learnLoads { table.backends.counter($0)[.established] }
        }
    }

    private func hashed(_ way: ClientWay, except refused: Set<UInt32>) -> UInt32? {
        hashed(way.service, digest: digest(of: way), client: way.key.client) { backend in
            tables.routes[Int(backend)].condition == .takes && !refused.contains(backend)
        }
    }

    /// Takes a flow into the table and sends its first packet; without room, tunnels and direct return serve it all the
    /// same, by the hash.
    mutating func insert(
        _ frame: inout Frame, _ way: ClientWay, backend: UInt32, isNamed: Bool = false, as state: FlowState,
        _ pass: inout Passage, _ pieces: inout FrameBatch, _ pool: inout FramePool
    ) -> Verdict {
        var insertion = table.insert(
            way.key, hash: way.hash, backend: backend, state: state, mode: way.service.flowMode, now: pass.time)
        if insertion == .noSource, collect(now: pass.time) {
            insertion = table.insert(
                way.key, hash: way.hash, backend: backend, state: state, mode: way.service.flowMode, now: pass.time)
        }
        switch insertion {
        case .inserted(let position):
            noteSequences(frame, way.packet, of: position, way.service)
            return send(&frame, way, toward: backend, source: table.source(of: position), pass, &pieces, &pool)
        case .noSource:
            return .drop(.noPort)
        case .full:
            guard !way.service.mode.isNAT else { return .drop(.tableFull) }
            return serveWithoutFlow(&frame, way, isNamed ? backend : hashed(way), pass, &pieces, &pool)
        }
    }

    /// Sends a packet on and remembers nothing: the hash, or its connection ID, will say the same of the next one.
    private mutating func serveWithoutFlow(
        _ frame: inout Frame, _ way: ClientWay, _ backend: UInt32?, _ pass: borrowing Passage,
        _ pieces: inout FrameBatch, _ pool: inout FramePool
    ) -> Verdict {
        guard let backend else { return refuse(.noBackend, &frame, way, isAnswered: true, pass) }
        if let verdict = obstacle(&frame, way.packet, way.service, toward: backend, pass) { return verdict }
        return send(&frame, way, toward: backend, source: .none, pass, &pieces, &pool)
    }

    /// Gives a flow another backend; `false` if there is no source for it.
    mutating func rebind(_ position: UInt32, to backend: UInt32, as state: FlowState, now: FlowTime) -> Bool {
        table.rebind(position, to: backend, as: state, now: now)
            || collect(now: now) && table.rebind(position, to: backend, as: state, now: now)
    }

    /// Ends flows whose time has come, because something that they may hold is needed; a bounded number.
    private mutating func collect(now: FlowTime) -> Bool {
        table.expire(now: now, budget: 1_024)
        return true
    }
}
