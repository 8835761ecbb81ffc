/// Where flows are counted and listed.
extension FlowTable {
    /// Counts a flow in or out, in all, of its service and of its backend.
    @inline(__always)
    mutating func count(_ change: Int, _ state: FlowState, _ ends: FlowEnds) {
        if state.phase == .established { loadChanges.note(ends.backend) }
        counter.add(change, state)
        services.counter(ends.service).add(change, state)
        backends.counter(ends.backend).add(change, state)
    }

    /// Counts what becomes of a flow, in all, of its service and of its backend.
    func note(_ event: FlowEvent, _ ends: FlowEnds) {
        counter.note(event)
        services.counter(ends.service).note(event)
        backends.counter(ends.backend).note(event)
    }

    /// Ends a flow, and counts why.
    mutating func end(_ position: UInt32, as event: FlowEvent, now: FlowTime) {
        note(event, entries.ends(position))
        end(position, now: now)
    }

    /// Counts a flow in `state` in, and puts it at the end of its lists.
    mutating func enter(_ position: UInt32, _ state: FlowState, _ ends: FlowEnds) {
        count(1, state, ends)
        enterLists(position, state, ends)
    }

    /// Counts a flow in `state` out, and takes it out of its lists.
    mutating func leave(_ position: UInt32, _ state: FlowState, _ ends: FlowEnds) {
        count(-1, state, ends)
        leaveLists(position, isOrdered: state.phase.isOrdered)
    }

    func enterLists(_ position: UInt32, _ state: FlowState, _ ends: FlowEnds) {
        if state.phase.isOrdered {
            lists.append(position, to: FlowTableShape.halfOpenList, .order)
            lists.append(position, to: shape.halfOpenList(of: ends.service), .group)
        } else {
            lists.append(position, to: shape.list(of: ends.backend), .group)
        }
    }

    mutating func leaveLists(_ position: UInt32, isOrdered: Bool) {
        if isOrdered { lists.remove(position, .order) }
        if walk == position { walk = lists.next(after: position, .group) ?? Self.none }
        lists.remove(position, .group)
    }

    /// The half-open flow that began first.
    ///
    /// Flows that a RST has closed while half-open keep their places for the case that they come back, and are not
    /// meant. Those in front lose them here, so that a search takes few steps; whoever comes back then is put in front,
    /// since it began earlier than all that are left (only if several come back, the last to do so counts as the
    /// first).
    ///
    /// - Parameter service: Of which service; `nil` for any.
    /// - Returns: the flow, or `nil` if there is none, or too many flows before it that are not meant.
    mutating func firstHalfOpen(of service: UInt16?) -> UInt32? {
        let list = service.map { shape.halfOpenList(of: $0) } ?? FlowTableShape.halfOpenList
        for _ in 0..<Self.searchLimit {
            guard let position = lists.first(of: list) else { return nil }
            if state(of: position).phase == .handshake { return position }
            leaveLists(position, isOrdered: true)
        }
        return nil
    }

    /// The most flows that one search passes over.
    private static var searchLimit: Int { 32 }
}

/// Walks, while packets go on.
extension FlowTable {
    /// Begins a walk through a backend's flows, those that are half-open left out; the walk before it is over.
    ///
    /// A flow that is there from the walk's beginning to its end is visited once.
    mutating func beginWalk(ofBackend backend: UInt32) {
        walk = lists.first(of: shape.list(of: backend)) ?? Self.none
    }

    /// Whether there are flows left in the walk.
    var isWalking: Bool { walk != Self.none }

    /// The walk's next flow; `nil` at its end.
    mutating func nextOfWalk() -> UInt32? {
        guard walk != Self.none else { return nil }
        let position = walk
        walk = lists.next(after: position, .group) ?? Self.none
        return position
    }

    /// The first flow from a position on: a walk through all of them, each of which is visited once if it is there from
    /// the walk's beginning to its end.
    ///
    /// - Parameters:
    ///   - cursor: Where to look first: 0 to begin with; then where to go on, or `nil` at the end.
    ///   - budget: The most positions to look at; counted off.
    /// - Returns: the flow; `nil` at the end, or if the budget is used up.
    func nextFlow(from cursor: inout UInt32?, budget: inout Int) -> UInt32? {
        while let position = cursor, budget > 0 {
            guard position < header.used else {
                cursor = nil
                return nil
            }
            budget -= 1
            cursor = position + 1
            if !state(of: position).isFree { return position }
        }
        return nil
    }

    /// All that is known of the flow at a position.
    func flow(at position: UInt32) -> Flow {
        let ends = entries.ends(position)
        let standing = entries.standing(position)
        return Flow(
            key: key(position, standing, ends), backend: ends.backend, state: standing.state, mode: standing.mode,
            source: standing.source, began: entries.began(position), deadline: entries.deadline(position),
            sequences: standing.state.phase.isOrdered ? 0 : entries.sequences(position))
    }

    /// The key of a flow that is not free.
    func key(_ position: UInt32, _ standing: FlowStanding, _ ends: FlowEnds) -> FlowKey {
        let client = entries.client(position)
        let isV4 = standing.version == .v4
        let address =
            isV4 ? IPAddress(v4: UInt32(truncatingIfNeeded: client.low)) : IPAddress(v6: client.high, client.low)
        return FlowKey(
            client: address, port: ends.port, transport: standing.state.transport, service: ends.service,
            mode: standing.mode,
            target: isV4 ? client.high : standing.mode == .oneWay ? UInt64(standing.mark) : 0)
    }
}

/// A flow as it was at some time.
struct Flow: Hashable, Sendable {
    let key: FlowKey
    /// The number of its backend.
    let backend: UInt32
    let state: FlowState
    let mode: FlowMode
    /// With full NAT the source that it is given.
    let source: FlowSource
    let began: FlowTime
    /// When it ends, if nothing comes.
    let deadline: FlowTime
    fileprivate let sequences: UInt64

    /// What the client last acknowledged; 0 where that is not known.
    var acknowledged: UInt32 { UInt32(truncatingIfNeeded: sequences >> 32) }
    /// The number of the client's next byte; 0 where that is not known.
    var nextSequence: UInt32 { UInt32(truncatingIfNeeded: sequences) }
}
