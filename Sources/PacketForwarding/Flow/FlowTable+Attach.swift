import LoadBalancing

extension FlowTable {
    /// The table that another process left in lent memory, be it that it died in the middle of a write.
    ///
    /// The header says whether the memory fits. Of all else only the flows are believed, each of which is whole or was
    /// not there yet; index, lists, counts and timers are made anew from them. A flow that contradicts the
    /// configuration or another flow is dropped. What a crash costs is the flow that was being written, and how long
    /// source ports have rested.
    ///
    /// - Parameters:
    ///   - memory: Memory that outlives the table and belongs to nobody else meanwhile.
    ///   - shape: How large the table is.
    ///   - identity: Whose flows are wanted.
    ///   - now: The present, by the same clock.
    ///   - configure: Configures services and backends, as they were.
    ///   - isKnown: Says whether there are such ends, and whether a flow between them stands so; all are unless you say
    ///     otherwise.
    /// - Complexity: O(n log n) in the positions that were used.
    /// - Throws: ``FlowTableError`` if the memory holds no such table.
    @unsafe
    init(
        attachingTo memory: UnsafeMutableRawBufferPointer, _ shape: FlowTableShape, identity: FlowTableIdentity,
        now: FlowTime, configure: (inout FlowTable) -> Void,
        isKnown: (FlowEnds, FlowStanding) -> Bool = { _, _ in true }
    ) throws(FlowTableError) {
        guard memory.count >= shape.byteCount else {
            throw FlowTableError(.tooSmall(byteCount: memory.count, needed: shape.byteCount))
        }
        let allocation = unsafe TableAllocation(lent: memory)
        let header = FlowTableHeader(allocation.memory.part(at: 0, byteCount: FlowTableHeader.byteCount))
        try header.check(shape, identity)
        self.init(allocation, shape, header.secret, now)
        configure(&self)
        recover(now: now, isKnown)
    }

    /// Makes all but the flows anew from the flows.
    private mutating func recover(now: FlowTime, _ isKnown: (FlowEnds, FlowStanding) -> Bool) {
        var halfOpen: [(age: Int32, position: UInt32)] = []
        for position in (0..<header.used).reversed() {
            guard isSound(position, now: now), isKnown(entries.ends(position), entries.standing(position)),
                restore(position, now: now)
            else {
                entries.setStanding(FlowStanding(rawValue: 0), position)
                free(position)
                continue
            }
            let standing = entries.standing(position)
            if standing.state.phase.isOrdered {
                halfOpen.append((now.ticks(since: entries.began(position)), position))
            } else {
                enterLists(position, standing.state, entries.ends(position))
            }
        }
        halfOpen.sort { ($0.age, $1.position) > ($1.age, $0.position) }
        for (_, position) in halfOpen {
            enterLists(position, state(of: position), entries.ends(position))
        }
    }

    /// Whether what lies at a position is a flow that could be here now.
    private func isSound(_ position: UInt32, now: FlowTime) -> Bool {
        let standing = entries.standing(position)
        let ends = entries.ends(position)
        guard !standing.state.isFree, Int(ends.service) < services.count, Int(ends.backend) < backends.count,
            standing.mode != .fullNAT || sources != nil
        else { return false }
        let client = entries.client(position)
        let hasTarget = standing.mode == .oneWay && client.high >> 63 == 1
        let isOfVersion = standing.version == .v6 || (client.high == 0 || hasTarget) && client.low >> 32 == 0xFFFF
        let rest = entries.deadline(position).ticks(since: now)
        return isOfVersion && rest > 0 && rest <= Int32(FlowTimeout.longest)
    }

    /// Indexes, counts and times a flow; `false` if another one is in its way.
    private mutating func restore(_ position: UInt32, now: FlowTime) -> Bool {
        let standing = entries.standing(position)
        let ends = entries.ends(position)
        let key = key(position, standing, ends)
        let hash = hash(key)
        let isRival =
            find(key, hash: hash, now: now) != nil
            || standing.mode == .nat
                && findAnswered(key, from: backends.endpoint(ends.backend), hash: hash, now: now) != nil
        guard !isRival, index.hasRoom(hash) else { return false }
        if standing.mode == .fullNAT {
            guard restoreSource(position, standing, ends) else { return false }
        }
        _ = index.insert(position, hash)
        count(1, standing.state, ends)
        wheel.insert(position)
        return true
    }
}
