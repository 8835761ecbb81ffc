public import LoadBalancing

/// Frames by the batch: what takes long is asked for ahead, for all of them.
extension ForwardingEngine {
    /// Handles frames in the order in which they came: changes them in place, and says what is to be done with each.
    ///
    /// Does the same as ``process(_:at:pieces:pool:)`` for one frame after the other, and faster: the cache lines of the
    /// flow table come while other frames are looked at. The memory of no two frames may overlap.
    ///
    /// - Parameters:
    ///   - frames: the frames, whose metadata name the interface they came in on by its position in the configuration.
    ///   - now: the present.
    ///   - verdicts: takes what became of each, in place of the batch before; it must have room for all.
    ///   - pieces: where the pieces of all frames go, one frame's behind the other's; ``VerdictBatch/pieces(of:)`` tells them
    ///     apart. A packet whose pieces have no room left is dropped.
    ///   - pool: where the memory of pieces comes from.
    /// - Complexity: O(n) for n frames.
    public mutating func process(
        _ frames: inout FrameBatch, at now: Timestamp, verdicts: inout VerdictBatch, pieces: inout FrameBatch,
        pool: inout FramePool
    ) {
        refresh()
        var pass = Passage(now: now, time: FlowTime(now))
        verdicts.begin(frames: frames.count, pieces: pieces.count)
        while verdicts.count < frames.count {
            let count = min(VerdictBatch.lookahead, frames.count &- verdicts.count)
            look(at: frames, count, &verdicts)
            for index in 0..<count {
                verdicts[arrival: index].candidate = table.candidate(verdicts[arrival: index].hash)
            }
            handle(&frames, count, &pass, &verdicts, &pieces, &pool)
        }
    }

    /// Looks at the next frames, and asks for the memory in which their flows will be looked up.
    @inline(never)
    private mutating func look(at frames: borrowing FrameBatch, _ count: Int, _ verdicts: inout VerdictBatch) {
        let start = verdicts.count
        for index in 0..<count {
            look(at: frames[start &+ index], &verdicts[arrival: index])
            table.prefetch(verdicts[arrival: index].hash)
        }
    }

    /// Handles the next frames, which were looked at.
    @inline(never)
    private mutating func handle(
        _ frames: inout FrameBatch, _ count: Int, _ pass: inout Passage, _ verdicts: inout VerdictBatch,
        _ pieces: inout FrameBatch, _ pool: inout FramePool
    ) {
        let start = verdicts.count
        for index in 0..<count {
            let byteCount = frames[start &+ index].byteCount
            course = PacketCourse()
            if takesShortcuts, verdicts[arrival: index].kind == .client,
                continueFlow(&frames[start &+ index], verdicts[arrival: index], now: pass.time)
            {
                counters.note(.send, byteCount: byteCount, course)
                verdicts.append(.send, pieces: pieces.count)
            } else {
                let verdict = handleRare(
                    &frames[start &+ index], verdicts[arrival: index], &pass, &pieces, &pool)
                counters.note(verdict, byteCount: byteCount, course)
                verdicts.append(verdict, pieces: pieces.count)
            }
        }
    }

    /// Looks at a frame as far as no flow, and so no frame before it, can change what it is.
    @inline(__always)
    mutating func look(at frame: borrowing Frame, _ arrival: inout Arrival) {
        arrival.kind = .unknown
        let interface = Int(frame.metadata.interface)
        guard interface < tables.stations.count, frame.metadata.segmentation == nil else { return }
        guard let ends = arrival.read(frame, to: tables.stations[interface]) else { return }
        let service = tables.serviceAndGroup(
            at: ends.destination, port: ends.destinationPort, transport: ends.transport)
        if let service {
            arrival.kind = .client
            arrival.key = FlowKey(
                client: ends.source, port: ends.sourcePort, transport: ends.transport, serviceAndGroup: service)
        } else {
            guard let endpoint = answeringEndpoint(ends.source, ends.destination, ports: ends.ports, ends.transport)
            else { return }
            arrival.kind = .backend
            arrival.endpoint = endpoint
            arrival.key = FlowKey(
                answersTo: ends.destination, port: ends.destinationPort, transport: ends.transport)
        }
        arrival.hash = table.hash(arrival.key)
    }

    /// The number of the backend's address and port that a packet comes from.
    ///
    /// What is to a service's address answers nothing, and full NAT's answers are found by another index.
    @inline(never)
    private mutating func answeringEndpoint(
        _ source: IPAddress, _ destination: IPAddress, ports: UInt32, _ transport: IPProtocol
    ) -> UInt32? {
        let port = UInt16(truncatingIfNeeded: ports &>> 16)
        guard let endpoint = tables.translatedEndpoint(source, port: port, transport: transport),
            !plan.isServed(destination), plan.source(destination) == nil
        else { return nil }
        return endpoint
    }

    /// Handles a frame of which this is known.
    @inline(__always)
    mutating func handle(
        _ frame: inout Frame, _ arrival: borrowing Arrival, _ pass: inout Passage, _ pieces: inout FrameBatch,
        _ pool: inout FramePool
    ) -> Verdict {
        if takesShortcuts, arrival.kind == .client, continueFlow(&frame, arrival, now: pass.time) { return .send }
        return handleRare(&frame, arrival, &pass, &pieces, &pool)
    }

    /// Handles a frame that is not a client's, or not a usual one.
    @inline(never)
    private mutating func handleRare(
        _ frame: inout Frame, _ arrival: borrowing Arrival, _ pass: inout Passage, _ pieces: inout FrameBatch,
        _ pool: inout FramePool
    ) -> Verdict {
        if takesShortcuts, arrival.kind == .backend, continueAnswer(&frame, arrival, now: pass.time) { return .send }
        return handle(&frame, &pass, &pieces, &pool)
    }
}
