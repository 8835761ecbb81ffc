/// What packets change.
extension FlowTable {
    /// Restarts a flow's timer, as that of `state`, which it is in from now on.
    @inline(__always)
    mutating func restart(_ position: UInt32, as state: FlowState, now: FlowTime) {
        let standing = entries.standing(position)
        let ends = entries.ends(position)
        if standing.state != state { change(position, standing, ends, to: state) }
        setDeadline(position, now + services.timeout(ends.service, state.phase.kind))
    }

    /// Restarts a flow's timer, where nothing else changes.
    ///
    /// - Parameters:
    ///   - line: The flow's cache line.
    ///   - position: The flow.
    ///   - deadline: When it ends from now on, if nothing comes.
    @inline(__always)
    mutating func restart(_ line: FlowLine, _ position: UInt32, deadline: FlowTime) {
        if deadline.ticks(since: line.deadline) >= 0 {
            line.deadline = deadline
        } else {
            bringForward(position, to: deadline)
        }
    }

    /// Begins a flow anew with its backend, and with the source it has: nothing was seen of its connection yet.
    mutating func beginAnew(_ position: UInt32, now: FlowTime) {
        let ends = entries.ends(position)
        var standing = entries.standing(position)
        leave(position, standing.state, ends)
        note(.replaced, ends)
        standing.state = .opened
        entries.setStanding(standing, position)
        TableFence.passed()
        entries.setBegan(now, position)
        enter(position, standing.state, ends)
        note(.opened, ends)
        setDeadline(position, now + services.timeout(ends.service, .halfOpen))
    }

    /// Gives a flow another backend, where it begins in `state`.
    ///
    /// The new backend must not share answers with another flow's.
    ///
    /// - Parameters:
    ///   - position: The flow.
    ///   - backend: The new backend.
    ///   - state: ``FlowState/opened`` or ``FlowState/datagrams``.
    ///   - now: The present.
    /// - Returns: `false` if there is no source for it (full NAT): then nothing has changed.
    mutating func rebind(_ position: UInt32, to backend: UInt32, as state: FlowState, now: FlowTime) -> Bool {
        var ends = entries.ends(position)
        let standing = entries.standing(position)
        guard let source = takeSource(standing.mode, backend, state.transport, now: now) else { return false }
        entries.setStanding(FlowStanding(rawValue: 0), position)
        TableFence.passed()
        leave(position, standing.state, ends)
        note(.replaced, ends)
        releaseSource(position, standing, ends, now: now)
        ends.backend = backend
        let changed =
            standing.mode == .oneWay
            ? FlowStanding(state, standing.version, mark: standing.mark)
            : FlowStanding(state, standing.mode, standing.version, source: source)
        entries.setEnds(ends, position)
        entries.setBegan(now, position)
        indexSource(position, changed, ends)
        enter(position, state, ends)
        note(.opened, ends)
        setDeadline(position, now + services.timeout(ends.service, state.phase.kind))
        TableFence.passed()
        entries.setStanding(changed, position)
        return true
    }

    /// Ends a flow.
    mutating func end(_ position: UInt32, now: FlowTime) {
        let ends = entries.ends(position)
        let standing = entries.standing(position)
        entries.setStanding(FlowStanding(rawValue: 0), position)
        TableFence.passed()
        index.remove(position, hash(key(position, standing, ends)))
        leave(position, standing.state, ends)
        releaseSource(position, standing, ends, now: now)
        wheel.remove(position)
        free(position)
    }

    @inline(never)
    private mutating func change(
        _ position: UInt32, _ standing: FlowStanding, _ ends: FlowEnds, to state: FlowState
    ) {
        var changed = standing
        changed.state = state
        let old = standing.state
        if old.phase != state.phase || old.isAdopted != state.isAdopted {
            count(-1, old, ends)
            count(1, state, ends)
        }
        if old.phase.isOrdered != state.phase.isOrdered {
            leaveLists(position, isOrdered: old.phase.isOrdered)
            if !state.phase.isOrdered {
                entries.setSequences(0, position)
                TableFence.passed()
            }
            entries.setStanding(changed, position)
            TableFence.passed()
            enterLists(position, state, ends)
            return
        }
        if state.phase == .handshake, lists.isIsolated(position, .order) {
            // Whoever was passed over in the search for the first one is older than all that are left.
            lists.prepend(position, to: FlowTableShape.halfOpenList, .order)
            lists.prepend(position, to: shape.halfOpenList(of: ends.service), .group)
        }
        entries.setStanding(changed, position)
    }

    @inline(__always)
    private func setDeadline(_ position: UInt32, _ deadline: FlowTime) {
        if deadline.ticks(since: entries.deadline(position)) >= 0 {
            entries.setDeadline(deadline, position)
        } else {
            bringForward(position, to: deadline)
        }
    }

    @inline(never)
    private func bringForward(_ position: UInt32, to deadline: FlowTime) {
        entries.setDeadline(deadline, position)
        wheel.remove(position)
        wheel.insert(position)
    }
}
