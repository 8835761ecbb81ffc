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
            let start = verdicts.count
            let count = min(ArrivalMemory.count, frames.count &- start)
            look(at: frames, start, count)
            handle(&frames, start, count, &pass, &verdicts, &pieces, &pool)
        }
    }

    /// Looks at the next frames, and asks for the memory of their flows.
    ///
    /// Where a flow lies is read a while after that was asked for, and while others are looked at: so memory is never asked
    /// for more lines at a time than a core waits for.
    @inline(never)
    private mutating func look(at frames: borrowing FrameBatch, _ start: Int, _ count: Int) {
        let hasTunnels = tables.hasTunnels
        for index in 0..<count {
            let arrival = arrivals[index]
            look(at: frames[start &+ index], &arrival.value)
            if hasTunnels { frames[start &+ index].prefetchFront() }
            table.prefetch(arrival.value.hash)
            if index >= Self.candidateDelay { noteCandidate(arrivals[index &- Self.candidateDelay]) }
        }
        for index in max(count &- Self.candidateDelay, 0)..<count { noteCandidate(arrivals[index]) }
    }

    /// How many frames are looked at between the question where a flow lies and its answer.
    private static let candidateDelay = 12

    @inline(__always)
    private func noteCandidate(_ arrival: ArrivalPlace) {
        arrival.value.candidate = table.candidate(arrival.value.hash)
    }

    /// Handles the next frames, which were looked at.
    @inline(never)
    private mutating func handle(
        _ frames: inout FrameBatch, _ start: Int, _ count: Int, _ pass: inout Passage, _ verdicts: inout VerdictBatch,
        _ pieces: inout FrameBatch, _ pool: inout FramePool
    ) {
        let takesShortcuts = takesShortcuts
        let time = pass.time
        var sent = 0
        var sentByteCount = 0
        for index in 0..<count {
            let byteCount = frames[start &+ index].byteCount
            if takesShortcuts, continueFlow(&frames[start &+ index], arrivals[index], now: time) {
                sent &+= 1
                sentByteCount &+= byteCount
                verdicts.append(.send, pieces: pieces.count)
            } else {
                let verdict = handleRare(&frames[start &+ index], arrivals[index], &pass, &pieces, &pool)
                verdicts.append(verdict, pieces: pieces.count)
            }
        }
        counters.noteSent(sent, byteCount: sentByteCount)
    }

    /// Looks at a frame as far as no flow, and so no frame before it, can change what it is.
    @inline(__always)
    mutating func look(at frame: borrowing Frame, _ arrival: inout Arrival) {
        arrival.kind = .unknown
        let interface = Int(frame.metadata.interface)
        let bytes = frame.bytes
        guard interface < tables.stations.count, frame.metadata.segmentation == nil,
            bytes.count >= Arrival.shortestFrame,
            bytes.bigEndian(at: EthernetHeader.Offset.destination, as: UInt64.self) &>> 16
                == tables.stations[interface].bits
        else { return }
        let type = bytes.bigEndian(at: EthernetHeader.Offset.etherType, as: UInt16.self)
        if type == EtherType.ipv4.rawValue {
            look(atV4: bytes, EthernetHeader.Offset.untaggedEnd, &arrival)
        } else if type == EtherType.ipv6.rawValue {
            look(atV6: bytes, EthernetHeader.Offset.untaggedEnd, &arrival)
        } else if type == EtherType.vlan.rawValue, frame.metadata.tag == nil {
            look(atTagged: bytes, &arrival)
        }
    }

    @inline(never)
    private mutating func look(atTagged frame: FrameBytes, _ arrival: inout Arrival) {
        let type = frame.bigEndian(at: EthernetHeader.Offset.taggedEtherType, as: UInt16.self)
        if type == EtherType.ipv4.rawValue {
            look(atV4: frame, EthernetHeader.Offset.taggedEnd, &arrival)
        } else if type == EtherType.ipv6.rawValue {
            look(atV6: frame, EthernetHeader.Offset.taggedEnd, &arrival)
        }
    }

    @inline(__always)
    private mutating func look(atV4 frame: FrameBytes, _ network: Int, _ arrival: inout Arrival) {
        guard let ends = arrival.read(v4: frame, at: network) else { return }
        let service = tables.narrowServices[ends.destination.v4Bits, ends.destinationPort, ends.transport]
        note(ends, to: service, &arrival)
    }

    @inline(__always)
    private mutating func look(atV6 frame: FrameBytes, _ network: Int, _ arrival: inout Arrival) {
        guard let ends = arrival.read(v6: frame, at: network) else { return }
        let service = tables.serviceAndGroup(
            at: ends.destination, port: ends.destinationPort, transport: ends.transport)
        note(ends, to: service, &arrival)
    }

    /// Notes whose packet it is: a client's to a service, or somebody's who may be a backend.
    @inline(__always)
    private mutating func note(_ ends: ArrivalEnds, to service: UInt32?, _ arrival: inout Arrival) {
        if let service {
            arrival.kind = .client
            arrival.key = FlowKey(
                client: ends.source, port: ends.sourcePort, transport: ends.transport, serviceAndGroup: service)
            arrival.hash = table.hash(arrival.key)
        } else {
            noteAnswer(ends.source, ends.destination, ports: ends.ports, ends.transport, &arrival)
        }
    }

    /// Notes a backend's packet.
    ///
    /// What is to a service's address answers nothing, and full NAT's answers are found by another index.
    @inline(never)
    private mutating func noteAnswer(
        _ source: IPAddress, _ destination: IPAddress, ports: UInt32, _ transport: IPProtocol,
        _ arrival: inout Arrival
    ) {
        let port = UInt16(truncatingIfNeeded: ports &>> 16)
        guard let endpoint = tables.translatedEndpoint(source, port: port, transport: transport),
            !plan.isServed(destination), plan.source(destination) == nil
        else { return }
        arrival.kind = .backend
        arrival.endpoint = endpoint
        arrival.key = FlowKey(
            answersTo: destination, port: UInt16(truncatingIfNeeded: ports), transport: transport)
        arrival.hash = table.hash(arrival.key)
    }

    /// Handles and counts a frame that is not a client's, or not a usual one.
    @inline(never)
    mutating func handleRare(
        _ frame: inout Frame, _ arrival: ArrivalPlace, _ pass: inout Passage, _ pieces: inout FrameBatch,
        _ pool: inout FramePool
    ) -> Verdict {
        let byteCount = frame.byteCount
        course = PacketCourse()
        let verdict: Verdict
        if takesShortcuts, arrival.value.kind == .backend, continueAnswer(&frame, arrival.value, now: pass.time) {
            verdict = .send
        } else {
            verdict = handle(&frame, &pass, &pieces, &pool)
        }
        counters.note(verdict, byteCount: byteCount, course)
        return verdict
    }
}
