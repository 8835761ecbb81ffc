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
            for index in 0..<count where verdicts[arrival: index].kind != .unknown {
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
    func look(at frame: borrowing Frame, _ arrival: inout Arrival) {
        let metadata = frame.metadata
        arrival.kind = .unknown
        frame.withBytes { bytes in
            guard let header = EthernetHeader(bytes, tag: metadata.tag),
                Int(metadata.interface) < tables.stations.count,
                header.destination == tables.stations[Int(metadata.interface)],
                let packet = Packet(bytes, behind: header, checksum: metadata.checksum),
                packet.hasPorts, !packet.isMalformed
            else { return }
            let service = tables.service(
                at: packet.destination, port: packet.destinationPort, transport: packet.transport)
            if let service {
                arrival.kind = .client
                arrival.number = service
                arrival.key = FlowKey(
                    client: packet.source, port: packet.sourcePort, transport: packet.transport,
                    service: UInt16(truncatingIfNeeded: service), mode: tables.rules[Int(service)].flowMode)
            } else {
                // Full NAT's answers are found by another index, and what is to a service's address is not an answer.
                guard
                    let endpoint = tables.translatedEndpoint(
                        packet.source, port: packet.sourcePort, transport: packet.transport),
                    !plan.isServed(packet.destination), plan.source(packet.destination) == nil
                else { return }
                arrival.kind = .backend
                arrival.number = endpoint
                arrival.key = FlowKey(
                    answersTo: packet.destination, port: packet.destinationPort, transport: packet.transport)
            }
            arrival.packet = packet
            arrival.hash = table.hash(arrival.key)
            arrival.candidate = FlowTable.none
        }
    }

    /// Handles a frame of which this is known.
    @inline(__always)
    mutating func handle(
        _ frame: inout Frame, _ arrival: borrowing Arrival, _ pass: inout Passage, _ pieces: inout FrameBatch,
        _ pool: inout FramePool
    ) -> Verdict {
        switch arrival.kind {
        case .client:
            let position = table.find(
                arrival.key, hash: arrival.hash, candidate: arrival.candidate, now: pass.time)
            if let position, takesShortcuts, let verdict = shortcut(&frame, arrival, position, now: pass.time) {
                return verdict
            }
            return handleClient(&frame, arrival, position, &pass, &pieces, &pool)
        case .backend:
            return handleBackend(&frame, arrival, &pass)
        case .unknown:
            return handle(&frame, &pass, &pieces, &pool)
        }
    }

    @inline(never)
    private mutating func handleClient(
        _ frame: inout Frame, _ arrival: borrowing Arrival, _ position: UInt32?, _ pass: inout Passage,
        _ pieces: inout FrameBatch, _ pool: inout FramePool
    ) -> Verdict {
        let way = ClientWay(
            service: tables.rules[Int(arrival.number)], packet: arrival.packet, key: arrival.key, hash: arrival.hash)
        return handleClient(&frame, way, position, &pass, &pieces, &pool)
    }

    @inline(never)
    private mutating func handleBackend(
        _ frame: inout Frame, _ arrival: borrowing Arrival, _ pass: inout Passage
    ) -> Verdict {
        let position = table.findAnswered(
            arrival.key, from: arrival.number, hash: arrival.hash, candidate: arrival.candidate, now: pass.time)
        guard let position else { return .pass }
        return handleAnswer(&frame, arrival.packet, position, pass)
    }
}
