import LoadBalancing

/// Sending packets on to backends.
extension ForwardingEngine {
    /// Why a packet cannot go to a backend, if it cannot: looked at before anything else happens.
    mutating func obstacle(
        _ frame: inout Frame, _ packet: Packet, _ service: ServiceRule, toward number: UInt32,
        _ pass: borrowing Passage
    ) -> Verdict? {
        course.backend = number
        let backend = tables.routes[Int(number)]
        if service.mode.isNAT, packet.hopLimit <= 1 {
            return answerWithError(.timeExceeded, .ttlExceeded, &frame, packet, pass)
        }
        guard let hop = backend.nextHop else { return .drop(.noNeighbour) }
        let limit = limit(of: backend, hop, pass)
        let size = packetByteCount(frame, packet)
        if size &+ backend.overhead <= limit { return nil }
        if service.fragmentsInner, packet.version == .v4, !packet.dontFragment {
            return packet.endsTooLate ? .drop(.fragment) : nil
        }
        return answerWithError(.tooBig(mtu: limit &- backend.overhead), .tooBig, &frame, packet, pass)
    }

    /// The longest packet, outer header included, that gets to a backend.
    @inline(__always)
    private func limit(of backend: BackendRoute, _ hop: NextHop, _ pass: borrowing Passage) -> Int {
        guard !paths.isEmpty, backend.tunnel != nil else { return Int(hop.mtu) }
        return min(Int(hop.mtu), paths.mtu(to: backend.endpoint.address, now: pass.time) ?? .max)
    }

    /// The length of the packet, or of the longest segment that it is to be cut into.
    @inline(__always)
    func packetByteCount(_ frame: borrowing Frame, _ packet: Packet) -> Int {
        guard frame.metadata.segmentation != nil else { return packet.byteCount }
        return Segmenter(frame, packet)?.longestPacket ?? packet.byteCount
    }

    /// Sends a client's packet on; nothing stands in its way.
    mutating func send(
        _ frame: inout Frame, _ way: ClientWay, toward number: UInt32, source: FlowSource, _ pass: borrowing Passage,
        _ pieces: inout FrameBatch, _ pool: inout FramePool
    ) -> Verdict {
        let backend = tables.routes[Int(number)]
        let packet = way.packet
        let needsDigest = packet.part == .first || backend.tunnel?.dependsOnFlow ?? false
        let digest = needsDigest ? digest(of: way) : 0
        var sender = Endpoint(packet.source, packet.sourcePort)
        if way.service.mode == .fullNAT { sender = Endpoint(tables.sourceAddresses[Int(source.address)], source.port) }
        if packet.part == .first {
            fragments.note(
                FragmentKey(packet),
                FragmentRoute(
                    isToBackend: true, service: way.service.number, backend: number, client: packet.source,
                    source: source, flowHash: digest),
                timeout: way.service.fragmentTimeout, now: pass.time)
        }
        if let clamp = way.service.clampMSS, packet.transport == .tcp, packet.flags.contains(.syn) {
            frame.truncate(to: packet.end)
            frame.clampMSS(of: packet, to: clamp)
        }
        return forward(
            &frame, packet, way.service, to: backend, sender: sender, receiver: backend.endpoint, digest: digest, pass,
            &pieces, &pool)
    }

    /// Edits a packet for its backend and addresses it.
    mutating func forward(
        _ frame: inout Frame, _ packet: Packet, _ service: ServiceRule, to backend: BackendRoute, sender: Endpoint,
        receiver: Endpoint, digest: UInt64, _ pass: borrowing Passage, _ pieces: inout FrameBatch,
        _ pool: inout FramePool
    ) -> Verdict {
        guard let hop = backend.nextHop else { return .drop(.noNeighbour) }
        frame.truncate(to: packet.end)
        if service.mode.isNAT {
            frame.translate(packet, source: sender, destination: receiver)
        } else if let tunnel = backend.tunnel {
            let limit = limit(of: backend, hop, pass)
            if frame.metadata.segmentation != nil {
                return sendSegments(&frame, packet, tunnel, hop, digest: digest, &pieces, &pool)
            }
            if packet.byteCount &+ tunnel.overhead > limit {
                return sendFragments(
                    &frame, packet, tunnel, hop, limit: limit &- tunnel.overhead, digest: digest, &pieces, &pool)
            }
            guard frame.encapsulate(packet, in: tunnel, flowHash: digest) else { return .drop(.noMemory) }
        }
        link(&frame, to: hop)
        return .send
    }
}
