public import LoadBalancing

/// Ending the flows of backends that have failed, without waiting for their next packets.
extension ForwardingEngine {
    /// Does what no packet asks for, a few steps at a time, and makes the frames that belong to it.
    ///
    /// As ``poll(at:budget:)``, and beyond that it ends connections to backends that have failed, of services that say so
    /// (``ServiceConfiguration/resetOnFailure``, ``ServiceConfiguration/endOnFailure``). Where both directions are seen,
    /// both ends get a RST. Where only the client is, it gets a probe: a segment one before what it has acknowledged, which
    /// it answers with the number that the RST to it needs, and its answer is reset like any packet to a dead backend.
    ///
    /// Frames are limited like all answers of the engine's own. A backend's turn comes a second after its failure; if most
    /// backends of a service fail together, their flows are left alone.
    ///
    /// - Parameters:
    ///   - now: the present.
    ///   - budget: the most flows to look at, twice: whether their time has come, and whether their backend has failed.
    ///   - frames: where the frames go that are to be sent, each on the interface that its metadata name.
    ///   - pool: where their memory comes from.
    /// - Returns: whether all is done that was to be done by now, and may be.
    @discardableResult
    public mutating func poll(
        at now: Timestamp, budget: Int = 64, frames: inout FrameBatch, pool: inout FramePool
    ) -> Bool {
        let isDone = poll(at: now, budget: budget)
        return endFailed(now: now, budget: budget, &frames, &pool) && isDone
    }

    private mutating func endFailed(
        now: Timestamp, budget: Int, _ frames: inout FrameBatch, _ pool: inout FramePool
    ) -> Bool {
        failures.update(plan, now: now)
        for _ in 0..<max(budget, 0) {
            guard let backend = failures.current ?? begin(now) else { return true }
            guard table.isWalking else {
                failures.finish()
                continue
            }
            let service = plan.services[Int(plan.backends[Int(backend)].service)]
            if service.resets {
                // A flow is passed only when there is all that it may take.
                guard frames.count &+ 2 <= frames.capacity, pool.freeCount >= 2 else { return false }
                var limit = answers
                guard limit.take(service.mode.isNAT ? 2 : 1, now: now) else { return true }
            }
            guard let position = table.nextOfWalk() else { continue }
            if service.resets { reset(position, of: service, now, &frames, &pool) }
            if service.endsFlows { table.end(position, as: .failed, now: FlowTime(now)) }
        }
        return failures.current == nil
    }

    private mutating func begin(_ now: Timestamp) -> UInt32? {
        guard let backend = failures.next(plan, now: now) else { return nil }
        table.beginWalk(ofBackend: backend)
        return backend
    }

    /// Sends what makes the ends of a flow forget it.
    private mutating func reset(
        _ position: UInt32, of service: ServicePlan, _ now: Timestamp, _ frames: inout FrameBatch,
        _ pool: inout FramePool
    ) {
        let flow = table.flow(at: position)
        guard flow.state.phase == .established, flow.acknowledged != 0 || flow.nextSequence != 0,
            service.address.bitCount == service.address.address.bitWidth, service.port != nil
        else { return }
        let client = Endpoint(flow.key.client, flow.key.port)
        let clientHop = plan.links.nextHop(to: client.address)
        guard service.mode.isNAT else {
            originate(
                OriginatedSegment(
                    source: service.endpoint, destination: client, sequence: flow.acknowledged &- 1,
                    acknowledgement: flow.nextSequence, flags: .ack), clientHop, now, &frames, &pool)
            return
        }
        originate(
            OriginatedSegment(
                source: service.endpoint, destination: client, sequence: flow.acknowledged, acknowledgement: 0,
                flags: .rst), clientHop, now, &frames, &pool)
        let backend = plan.backends[Int(flow.backend)]
        let sender =
            service.mode == .fullNAT
            ? Endpoint(plan.sourceAddresses[Int(flow.source.address)], flow.source.port) : client
        originate(
            OriginatedSegment(
                source: sender, destination: backend.endpoint, sequence: flow.nextSequence, acknowledgement: 0,
                flags: .rst), backend.nextHop, now, &frames, &pool)
    }

    /// Sends a segment of the engine's own, if there is a way and not too many are sent.
    private mutating func originate(
        _ segment: OriginatedSegment, _ hop: NextHop?, _ now: Timestamp, _ frames: inout FrameBatch,
        _ pool: inout FramePool
    ) {
        guard let hop, !frames.isFull, answers.take(now: now), var frame = pool.take() else { return }
        frame.metadata.interface = UInt32(hop.interface)
        guard frame.becomeSegment(segment) else {
            pool.put(frame)
            return
        }
        frame.setLink(destination: hop.destination, source: hop.source)
        frames.append(frame)
        counters.noteOriginated()
    }
}

/// Keeping what resets need, where a service resets connections.
///
/// Not changing the engine, and yet `mutating`: a borrowed one would be copied for the call.
extension ForwardingEngine {
    /// Keeps the sequence numbers of a client's segment.
    @inline(__always)
    mutating func noteSequences(
        _ frame: borrowing Frame, _ packet: Packet, of position: UInt32, _ service: ServiceRule
    ) {
        guard service.resets, packet.transport == .tcp else { return }
        noteSequences(frame, at: packet.transportOffset, end: packet.end, packet.flags, of: position)
    }

    /// Keeps the sequence numbers of a client's segment, of which no more is known than this.
    @inline(never)
    mutating func noteSequences(_ frame: borrowing Frame, _ arrival: Arrival, of position: UInt32) {
        noteSequences(frame, at: arrival.transportOffset, end: Int(arrival.end), arrival.flags, of: position)
    }

    private mutating func noteSequences(
        _ frame: borrowing Frame, at offset: UInt16, end: Int, _ flags: TCPFlags, of position: UInt32
    ) {
        guard let (next, acknowledged) = frame.sequences(at: Int(offset), end: end, flags) else { return }
        table.noteSequences(acknowledged: acknowledged, next: next, of: position)
    }

    /// Keeps the sequence number of a backend's segment.
    @inline(__always)
    mutating func noteAnswer(_ frame: borrowing Frame, _ packet: Packet, of position: UInt32, _ service: ServiceRule) {
        guard service.resets, packet.transport == .tcp else { return }
        let numbers = frame.sequences(at: Int(packet.transportOffset), end: packet.end, packet.flags)
        if let numbers { table.noteSequence(ofBackend: numbers.next, of: position) }
    }

    /// Keeps the sequence number of a backend's segment, of which no more is known than this.
    @inline(never)
    mutating func noteAnswer(_ frame: borrowing Frame, _ arrival: Arrival, of position: UInt32) {
        let numbers = frame.sequences(at: Int(arrival.transportOffset), end: Int(arrival.end), arrival.flags)
        if let numbers { table.noteSequence(ofBackend: numbers.next, of: position) }
    }
}

extension Frame {
    /// Where a segment ends in the sequence, and what it acknowledges.
    ///
    /// - Parameters:
    ///   - offset: Where the segment's header begins, which is whole.
    ///   - end: Where the segment ends.
    ///   - flags: Its control bits; none of a datagram.
    /// - Returns: both; `nil` for a RST, or without ACK.
    fileprivate func sequences(at offset: Int, end: Int, _ flags: TCPFlags) -> (next: UInt32, acknowledged: UInt32)? {
        guard flags.contains(.ack), !flags.contains(.rst) else { return nil }
        let header = Int(byte(at: offset + TCPHeader.Offset.dataOffset) >> 4) * 4
        var length = UInt32(truncatingIfNeeded: end - offset - header)
        if flags.contains(.syn) { length &+= 1 }
        if flags.contains(.fin) { length &+= 1 }
        return (
            bigEndian(at: offset + TCPHeader.Offset.sequence, as: UInt32.self) &+ length,
            bigEndian(at: offset + TCPHeader.Offset.acknowledgement, as: UInt32.self)
        )
    }
}
