extension FlowTable {
    /// The hash of a key, by which the flow is found.
    @inline(__always)
    func hash(_ key: FlowKey) -> UInt64 {
        key.hash(hasher)
    }

    /// Which of a service's addresses and ports, to tell the flows of one client to several of them apart: a number above 0.
    ///
    /// IPv4 has room for all of it. Of an IPv6 address, of which a service with a prefix has many, there are 16 bits of a
    /// keyed hash beside the port: only two flows of one client's port to one port of two addresses may be taken for one,
    /// with a probability of 2⁻¹⁶.
    func target(of end: Endpoint) -> UInt64 {
        guard end.address.version == .v6 else {
            return 1 << 63 | UInt64(end.port) << 32 | UInt64(end.address.v4Bits)
        }
        let digest = hasher.hash(end.address.high, end.address.low, 0) >> 48
        return max(digest << 16 | UInt64(end.port), 1)
    }

    /// Asks for what ``candidate(_:)`` reads.
    @inline(__always)
    func prefetch(_ hash: UInt64) {
        index.prefetch(hash)
    }

    /// The position where a flow with this hash probably is, and asks for what lies there; some number if there is
    /// none.
    @inline(__always)
    func candidate(_ hash: UInt64) -> UInt32 {
        let position = index.candidate(hash)
        entries.prefetch(position)
        return position
    }

    /// The flow of a client's packet; ends it if its time has come.
    ///
    /// - Parameters:
    ///   - key: Whose packet it is.
    ///   - hash: The key's hash.
    ///   - candidate: Where to look first; a number that is no flow's, or another one's, costs no more than the time.
    ///   - now: The present.
    /// - Returns: the position of the flow, or `nil`.
    @inline(__always)
    mutating func find(_ key: FlowKey, hash: UInt64, candidate: UInt32 = none, now: FlowTime) -> UInt32? {
        if Int(candidate) < shape.flows, isFlow(candidate, of: key) { return living(candidate, now) }
        guard let position = index.first(hash, where: { isFlow($0, of: key) }) else { return nil }
        return living(position, now)
    }

    /// The flow that a backend's packet to a client answers; ends it if its time has come.
    ///
    /// - Parameters:
    ///   - key: The client whom it is for.
    ///   - endpoint: The number of the backend's address and port.
    ///   - hash: The key's hash.
    ///   - candidate: Where to look first, as with a client's packet.
    ///   - now: The present.
    /// - Returns: the position of the flow, or `nil`.
    @inline(__always)
    mutating func findAnswered(
        _ key: FlowKey, from endpoint: UInt32, hash: UInt64, candidate: UInt32 = none, now: FlowTime
    ) -> UInt32? {
        if Int(candidate) < shape.flows, isFlow(candidate, of: key, at: endpoint) { return living(candidate, now) }
        guard let position = index.first(hash, where: { isFlow($0, of: key, at: endpoint) }) else { return nil }
        return living(position, now)
    }

    /// Whether the answers of a new flow would be taken for another's: two services may not share a return tuple.
    ///
    /// - Parameters:
    ///   - key: The new flow's key.
    ///   - backend: Its backend, with NAT.
    ///   - now: The present.
    /// - Returns: whether a flow of another service has the same protocol, client, and backend's address and port.
    mutating func sharesAnswers(_ key: FlowKey, backend: UInt32, now: FlowTime) -> Bool {
        let position = findAnswered(key, from: backends.endpoint(backend), hash: hash(key), now: now)
        return position.map { entries.ends($0).clientAndService != key.ends } ?? false
    }

    /// The cache line of a position, if that is the flow of a client's packet and its time has not come; the key has no
    /// target.
    @inline(__always)
    func line(_ candidate: UInt32, of key: FlowKey, now: FlowTime) -> FlowLine? {
        guard let line = entries.lineIfAny(candidate), line.isPlainFlow(of: key), !line.deadline.hasCome(by: now) else {
            return nil
        }
        return line
    }

    /// The position of a client's flow; `nil` if it has none, or its time has come.
    ///
    /// Unlike ``find(_:hash:candidate:now:)`` it ends no flow. Not changing, and yet `mutating`: a borrowed table would be
    /// copied for the call.
    @inline(never)
    mutating func search(_ key: FlowKey, hash: UInt64, now: FlowTime) -> UInt32? {
        guard let position = index.first(hash, where: { isFlow($0, of: key) }) else { return nil }
        return entries.deadline(position).hasCome(by: now) ? nil : position
    }

    @inline(__always)
    func isFlow(_ position: UInt32, of key: FlowKey) -> Bool {
        entries.line(position).isFlow(of: key)
    }

    @inline(__always)
    func isFlow(_ position: UInt32, of key: FlowKey, at endpoint: UInt32) -> Bool {
        let client = entries.client(position)
        let ends = entries.ends(position)
        guard client.low == key.client.low, client.high == key.client.high, ends.port == key.port else { return false }
        let standing = entries.standing(position)
        return !standing.state.isFree && standing.mode == .nat && standing.state.transport == key.transport
            && backends.endpoint(ends.backend) == endpoint
    }

    @inline(__always)
    mutating func living(_ position: UInt32, _ now: FlowTime) -> UInt32? {
        guard entries.deadline(position).hasCome(by: now) else { return position }
        end(position, as: .expired, now: now)
        return nil
    }
}

/// What a packet asks of its flow.
extension FlowTable {
    /// The number of the flow's backend.
    @inline(__always)
    func backend(of position: UInt32) -> UInt32 { entries.ends(position).backend }

    /// The number of the flow's service.
    @inline(__always)
    func service(of position: UInt32) -> UInt16 { entries.ends(position).service }

    /// The flow's state.
    @inline(__always)
    func state(of position: UInt32) -> FlowState { entries.standing(position).state }

    /// The source that full NAT gives the flow.
    @inline(__always)
    func source(of position: UInt32) -> FlowSource { entries.standing(position).source }
}
