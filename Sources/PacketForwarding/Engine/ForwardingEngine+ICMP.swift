import LoadBalancing

/// ICMP and ICMPv6: echo requests to services, and errors about flows.
extension ForwardingEngine {
    /// A message to an address of a service.
    mutating func handleICMPToService(
        _ frame: inout Frame, _ packet: Packet, _ pass: inout Passage, _ pieces: inout FrameBatch,
        _ pool: inout FramePool
    ) -> Verdict {
        guard let header = frame.withBytes({ ICMPHeader($0, of: packet) }) else { return .pass }
        guard frame.hasSoundICMPChecksum(packet) else { return .drop(.malformed) }
        if case .echoRequest = header.type {
            guard let hop = way(to: packet.source) else { return .drop(.noNeighbour) }
            frame.truncate(to: packet.end)
            guard frame.becomeEchoReply(to: packet) else { return .drop(.noMemory) }
            link(&frame, to: hop)
            return .send
        }
        guard header.type.isError else { return .pass }
        guard let quoted = frame.withBytes({ packet.quotedPacket($0) }) else { return .drop(.malformed) }
        guard quoted.hasPorts, quoted.source.address == packet.destination,
            let number = plan.service(
                at: quoted.source.address, port: quoted.source.port, transport: quoted.transport)
        else { return .pass }
        return handleClientsError(&frame, packet, quoted, service: number, &pass, &pieces, &pool)
    }

    /// An error about what a service sent to a client: its backend is to know.
    private mutating func handleClientsError(
        _ frame: inout Frame, _ packet: Packet, _ quoted: QuotedPacket, service number: Int, _ pass: inout Passage,
        _ pieces: inout FrameBatch, _ pool: inout FramePool
    ) -> Verdict {
        let service = tables.rules[number]
        course.service = service.number
        let client = quoted.destination
        let key = FlowKey(
            client: client.address, port: client.port, transport: quoted.transport, service: service.number,
            mode: service.flowMode, target: service.isWide ? table.target(of: quoted.source) : 0)
        let digest = FlowDigest.flow(
            client: client, service: quoted.source, transport: quoted.transport, seed: tables.seed)
        let position = table.find(key, hash: table.hash(key), now: pass.time)
        let chosen =
            position.map { table.backend(of: $0) }
            ?? (service.mode.isNAT ? nil : hashed(service, digest: digest, client: client.address))
        guard let chosen else { return .drop(service.mode.isNAT ? .noFlow : .noBackend) }
        if let verdict = obstacle(&frame, packet, service, toward: chosen, pass) { return verdict }
        let backend = tables.routes[Int(chosen)]
        guard service.mode.isNAT, let position else {
            return forward(
                &frame, packet, service, to: backend, sender: Endpoint(packet.source, 0), receiver: backend.endpoint,
                digest: digest, pass, &pieces, &pool)
        }
        guard let hop = backend.nextHop else { return .drop(.noNeighbour) }
        var sender = packet.source
        var quotedReceiver = client
        if service.mode == .fullNAT {
            let source = table.source(of: position)
            sender = tables.sourceAddresses[Int(source.address)]
            quotedReceiver = Endpoint(sender, source.port)
        }
        frame.truncate(to: packet.end)
        frame.translateError(
            packet, source: sender, destination: backend.endpoint.address, about: quoted,
            quotedSource: backend.endpoint, quotedDestination: quotedReceiver)
        link(&frame, to: hop)
        return .send
    }

    /// An error about a packet on its way to a backend: through NAT its client is to know; about a tunnel, the engine.
    mutating func handleRoutersError(
        _ frame: inout Frame, _ packet: Packet, _ pass: borrowing Passage
    ) -> Verdict {
        guard packet.part == .whole, let header = frame.withBytes({ ICMPHeader($0, of: packet) }),
            header.type.isError, let quoted = frame.withBytes({ packet.quotedPacket($0) })
        else { return .pass }
        if plan.tunnelSource.contains(packet.destination) {
            learnPath(frame, packet, header, quoted, pass)
        }
        guard quoted.hasPorts, packet.destination == quoted.source.address,
            let endpoint = tables.translatedEndpoint(
                quoted.destination.address, port: quoted.destination.port, transport: quoted.transport),
            let position = answeredFlow(
                from: endpoint, to: quoted.source, transport: quoted.transport, now: pass.time)
        else { return .pass }
        guard frame.hasSoundICMPChecksum(packet) else { return .drop(.malformed) }
        guard packet.hopLimit > 1 else { return .drop(.ttlExceeded) }
        let flow = table.flow(at: position)
        course.service = flow.key.service
        let service = tables.rules[Int(flow.key.service)].endpoint
        let client = Endpoint(flow.key.client, flow.key.port)
        guard let hop = way(to: client.address) else { return .drop(.noNeighbour) }
        frame.truncate(to: packet.end)
        frame.translateError(
            packet, source: service.address, destination: client.address, about: quoted, quotedSource: client,
            quotedDestination: service)
        link(&frame, to: hop)
        return .send
    }

    /// Learns the MTU of a path to a tunnel's end.
    private mutating func learnPath(
        _ frame: borrowing Frame, _ packet: Packet, _ header: ICMPHeader, _ quoted: QuotedPacket,
        _ pass: borrowing Passage
    ) {
        guard let mtu = header.mtu, plan.isTunnelDestination(quoted.destination.address),
            quoted.source.address == packet.destination, frame.hasSoundICMPChecksum(packet),
            let hop = plan.links.nextHop(to: quoted.destination.address),
            plan.sendsTunnel(to: quoted.destination, over: quoted.transport)
        else { return }
        paths.note(mtu, to: quoted.destination.address, link: Int(hop.mtu), now: pass.time)
    }
}

extension ForwardingPlan {
    /// Whether outer packets of a protocol, and port, go to an address.
    fileprivate func sendsTunnel(to endpoint: Endpoint, over transport: IPProtocol) -> Bool {
        backends.contains { backend in
            guard let tunnel = backend.tunnel, tunnel.destination == endpoint.address else { return false }
            switch tunnel.encapsulation {
            case .ipip: return transport == .ipv4 || transport == .ipv6
            case .gre: return transport == .gre
            case .gue: return transport == .udp && endpoint.port == tunnel.guePort
            }
        }
    }
}
