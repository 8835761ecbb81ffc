/// What full NAT adds: the source that a flow is given, and the way back from it.
extension FlowTable {
    /// The flow that a backend's packet to one of our addresses answers, with full NAT; ends it if its time has come.
    ///
    /// - Parameters:
    ///   - source: The packet's destination: the number of our address, and the port.
    ///   - endpoint: The number of the backend's address and port.
    ///   - transport: The protocol.
    ///   - now: The present.
    /// - Returns: the position of the flow, or `nil`.
    mutating func findTranslated(
        to source: FlowSource, from endpoint: UInt32, transport: IPProtocol, now: FlowTime
    ) -> UInt32? {
        let hash = translatedHash(source, endpoint, transport)
        let position = translated?.first(hash) { position in
            let standing = entries.standing(position)
            return standing.source == source && standing.mode == .fullNAT && !standing.state.isFree
                && standing.state.transport == transport
                && backends.endpoint(entries.ends(position).backend) == endpoint
        }
        return position.flatMap { living($0, now) }
    }

    /// The hash that ``findTranslated(to:from:transport:now:)`` looks for.
    func translatedHash(_ source: FlowSource, _ endpoint: UInt32, _ transport: IPProtocol) -> UInt64 {
        var hash = FlowHash(secret: secret)
        hash.absorb(UInt64(endpoint) | UInt64(source.address) << 32 | UInt64(source.port) << 48)
        return hash.finish(UInt64(transport.rawValue), byteCount: 9)
    }

    /// Takes a source for a flow to `backend`; `nil` if there is none; without full NAT, the source that means nothing.
    mutating func takeSource(
        _ mode: FlowMode, _ backend: UInt32, _ transport: IPProtocol, now: FlowTime
    ) -> FlowSource? {
        guard mode == .fullNAT else { return FlowSource.none }
        let group = backends.ports(backend)
        guard let source = sources?.take(from: group, now: now) else { return nil }
        if translated?.hasRoom(translatedHash(source, backends.endpoint(backend), transport)) == true { return source }
        sources?.release(source, to: group, now: now)
        return nil
    }

    func indexSource(_ position: UInt32, _ standing: FlowStanding, _ ends: FlowEnds) {
        guard standing.mode == .fullNAT else { return }
        let hash = translatedHash(standing.source, backends.endpoint(ends.backend), standing.state.transport)
        _ = translated?.insert(position, hash)
    }

    /// Takes and indexes the source that a flow has already; `false` if another flow has it.
    mutating func restoreSource(_ position: UInt32, _ standing: FlowStanding, _ ends: FlowEnds) -> Bool {
        let hash = translatedHash(standing.source, backends.endpoint(ends.backend), standing.state.transport)
        guard translated?.hasRoom(hash) == true,
            sources?.occupy(standing.source, of: backends.ports(ends.backend)) == true
        else { return false }
        indexSource(position, standing, ends)
        return true
    }

    /// Gives back the source of a flow, if it has one.
    mutating func releaseSource(_ position: UInt32, _ standing: FlowStanding, _ ends: FlowEnds, now: FlowTime) {
        guard standing.mode == .fullNAT else { return }
        let hash = translatedHash(standing.source, backends.endpoint(ends.backend), standing.state.transport)
        translated?.remove(position, hash)
        sources?.release(standing.source, to: backends.ports(ends.backend), now: now)
    }
}
