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
        var start = 0
        while start < frames.count {
            let count = min(VerdictBatch.lookahead, frames.count &- start)
            for index in 0..<count {
                look(at: frames[start &+ index], &verdicts[arrival: index])
                table.prefetch(verdicts[arrival: index].hash)
            }
            for index in 0..<count {
                verdicts[arrival: index].candidate = table.candidate(verdicts[arrival: index].hash)
            }
            for index in 0..<count {
                let byteCount = frames[start &+ index].byteCount
                course = PacketCourse()
                let verdict = handle(
                    &frames[start &+ index], verdicts[arrival: index], &pass, &pieces, &pool)
                counters.note(verdict, byteCount: byteCount, course)
                verdicts.append(verdict, pieces: pieces.count)
            }
            start &+= count
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
            guard let endpoint = answeringEndpoint(ends) else { return }
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
    private mutating func answeringEndpoint(_ ends: ArrivalEnds) -> UInt32? {
        guard
            let endpoint = tables.translatedEndpoint(
                ends.source, port: ends.sourcePort, transport: ends.transport),
            !plan.isServed(ends.destination), plan.source(ends.destination) == nil
        else { return nil }
        return endpoint
    }

    /// Handles a frame of which this is known.
    @inline(__always)
    mutating func handle(
        _ frame: inout Frame, _ arrival: borrowing Arrival, _ pass: inout Passage, _ pieces: inout FrameBatch,
        _ pool: inout FramePool
    ) -> Verdict {
        if takesShortcuts, arrival.kind != .unknown {
            let isSent =
                arrival.kind == .client
                ? continueFlow(&frame, arrival, now: pass.time) : continueAnswer(&frame, arrival, now: pass.time)
            if isSent { return .send }
        }
        return handle(&frame, &pass, &pieces, &pool)
    }
}
