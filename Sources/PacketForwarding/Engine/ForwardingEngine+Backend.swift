import LoadBalancing

/// Packets that are to no address of a service: what backends answer through NAT, and what routers say about flows.
extension ForwardingEngine {
    mutating func handleFromBackend(
        _ frame: inout Frame, _ packet: Packet, _ pass: inout Passage, _ pieces: inout FrameBatch,
        _ pool: inout FramePool
    ) -> Verdict {
        if packet.part == .later { return handleLaterFragment(&frame, packet, &pass, &pieces, &pool) ?? .pass }
        if packet.transport == (packet.version == .v4 ? .icmp : .icmpv6) {
            return handleRoutersError(&frame, packet, pass)
        }
        guard packet.hasPorts,
            let endpoint = tables.translatedEndpoint(
                packet.source, port: packet.sourcePort, transport: packet.transport),
            let position = answeredFlow(
                from: endpoint, to: Endpoint(packet.destination, packet.destinationPort),
                transport: packet.transport, now: pass.time)
        else { return .pass }
        return handleAnswer(&frame, packet, position, pass)
    }

    /// The flow that a packet from a backend's endpoint belongs to.
    func answeredKey(_ client: Endpoint, _ transport: IPProtocol) -> FlowKey {
        FlowKey(answersTo: client.address, port: client.port, transport: transport)
    }

    mutating func answeredFlow(
        from endpoint: UInt32, to receiver: Endpoint, transport: IPProtocol, now: FlowTime
    ) -> UInt32? {
        if let source = plan.source(receiver.address),
            let position = table.findTranslated(
                to: FlowSource(address: source, port: receiver.port), from: endpoint, transport: transport, now: now)
        {
            return position
        }
        let key = answeredKey(receiver, transport)
        return table.findAnswered(key, from: endpoint, hash: table.hash(key), now: now)
    }

    /// Sends a backend's packet on to the client.
    mutating func handleAnswer(
        _ frame: inout Frame, _ packet: Packet, _ position: UInt32, _ pass: borrowing Passage
    ) -> Verdict {
        let flow = table.flow(at: position)
        course = PacketCourse(service: flow.key.service, isReturn: true, backend: flow.backend)
        let service = tables.rules[Int(flow.key.service)]
        let client = Endpoint(flow.key.client, flow.key.port)
        if packet.hopLimit <= 1 { return answerWithError(.timeExceeded, .ttlExceeded, &frame, packet, pass) }
        guard let hop = way(to: client.address) else { return .drop(.noNeighbour) }
        if packetByteCount(frame, packet) > Int(hop.mtu) {
            return answerWithError(.tooBig(mtu: Int(hop.mtu)), .tooBig, &frame, packet, pass)
        }
        var state = flow.state
        if packet.transport == .tcp {
            let segment = TCPSegment(packet.flags, dataByteCount: packet.payloadByteCount)
            guard case .forward(let next) = TCPTable.backend(segment, state: state) else { return .pass }
            state = next
        }
        table.restart(position, as: state, now: pass.time)
        noteAnswer(frame, packet, of: position, service)
        if packet.part == .first {
            fragments.note(
                FragmentKey(packet),
                FragmentRoute(
                    isToBackend: false, service: service.number, backend: flow.backend, client: client.address,
                    source: flow.source, flowHash: 0),
                timeout: service.fragmentTimeout, now: pass.time)
        }
        frame.truncate(to: packet.end)
        if let clamp = service.clampMSS, packet.transport == .tcp, packet.flags.contains(.syn) {
            frame.clampMSS(of: packet, to: clamp)
        }
        frame.translate(packet, source: service.endpoint, destination: client)
        link(&frame, to: hop)
        return .send
    }

    /// A fragment without ports goes where its first one went; `nil` if that is not known.
    mutating func handleLaterFragment(
        _ frame: inout Frame, _ packet: Packet, _ pass: inout Passage, _ pieces: inout FrameBatch,
        _ pool: inout FramePool
    ) -> Verdict? {
        // RFC 1858: a TCP header that goes on behind the first eight bytes is nobody honest's.
        if packet.transport == .tcp, packet.fragmentOffset == 8, packet.version == .v4,
            plan.isServed(packet.destination)
        {
            return .drop(.fragment)
        }
        guard let route = fragments.route(FragmentKey(packet), now: pass.time) else { return nil }
        let backend = tables.routes[Int(route.backend)]
        let service = tables.rules[Int(route.service)]
        course = PacketCourse(service: route.service, isReturn: !route.isToBackend, backend: route.backend)
        if route.isToBackend {
            if let verdict = obstacle(&frame, packet, service, toward: route.backend, pass) { return verdict }
            let sender = service.mode == .fullNAT ? tables.sourceAddresses[Int(route.source.address)] : packet.source
            return forward(
                &frame, packet, service, to: backend, sender: Endpoint(sender, 0), receiver: backend.endpoint,
                digest: route.flowHash, pass, &pieces, &pool)
        }
        if packet.hopLimit <= 1 { return answerWithError(.timeExceeded, .ttlExceeded, &frame, packet, pass) }
        guard let hop = way(to: route.client) else { return .drop(.noNeighbour) }
        if packet.byteCount > Int(hop.mtu) {
            return answerWithError(.tooBig(mtu: Int(hop.mtu)), .tooBig, &frame, packet, pass)
        }
        frame.truncate(to: packet.end)
        frame.translate(packet, source: Endpoint(service.endpoint.address, 0), destination: Endpoint(route.client, 0))
        link(&frame, to: hop)
        return .send
    }
}
