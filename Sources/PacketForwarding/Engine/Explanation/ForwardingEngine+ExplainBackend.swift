import LoadBalancing

/// Packets that are to no address of a service, and fragments.
extension ForwardingEngine {
    func explainFromBackend(
        _ frame: borrowing Frame, _ packet: Packet, _ context: ExplanationContext
    ) -> Explanation {
        if packet.part == .later {
            return explainLaterFragment(frame, packet, context) ?? Explanation(.notServed)
        }
        if packet.carriesICMP { return explainRoutersError(frame, packet, context) }
        guard packet.hasPorts,
            let position = peekAnswered(
                from: Endpoint(packet.source, packet.sourcePort),
                to: Endpoint(packet.destination, packet.destinationPort), packet.transport, context)
        else { return Explanation(.notServed) }
        let flow = table.flow(at: position)
        let service = context.plan.services[Int(flow.key.service)]
        let client = Endpoint(flow.key.client, flow.key.port)
        var explanation = Explanation(.answer)
        explanation.service = service.name
        explanation.client = client
        note(position, &explanation, context)
        return explainReturn(frame, packet, from: service.endpoint, to: client, service, explanation, context)
    }

    /// A packet on its way to a client.
    private func explainReturn(
        _ frame: borrowing Frame, _ packet: Packet, from source: Endpoint, to client: Endpoint,
        _ service: ServicePlan, _ explanation: Explanation, _ context: ExplanationContext
    ) -> Explanation {
        if packet.hopLimit <= 1 {
            return explainError(.timeExceeded, .ttlExceeded, frame, packet, explanation, context)
        }
        guard let hop = context.plan.links.nextHop(to: client.address) else {
            return explanation.ending(.drop(.noNeighbour))
        }
        if packetByteCount(frame, packet) > Int(hop.mtu) {
            return explainError(.tooBig(mtu: Int(hop.mtu)), .tooBig, frame, packet, explanation, context)
        }
        var explanation = explanation.ending(.send)
        if let clamp = service.clampMSS, frame.clampsMSS(of: packet, to: clamp) {
            explanation.edits.append(.maximumSegmentSize(to: clamp))
        }
        explanation.translate(packet, source: source, destination: client)
        explanation.link(frame, to: hop)
        return explanation
    }

    /// The flow that a packet from a backend's end to a client's, or to one of our sources, belongs to.
    func peekAnswered(
        from backend: Endpoint, to receiver: Endpoint, _ transport: IPProtocol, _ context: ExplanationContext
    ) -> UInt32? {
        let tables = context.plan.tables
        guard let endpoint = tables.translatedEndpoint(backend.address, port: backend.port, transport: transport) else {
            return nil
        }
        if let source = context.plan.source(receiver.address),
            let position = table.peekTranslated(
                to: FlowSource(address: source, port: receiver.port), from: endpoint, transport: transport,
                now: context.time)
        {
            return position
        }
        return table.peekAnswered(
            FlowKey(answersTo: receiver.address, port: receiver.port, transport: transport), from: endpoint,
            now: context.time)
    }

    /// A fragment without ports; `nil` if nobody knows where its first one went.
    func explainLaterFragment(
        _ frame: borrowing Frame, _ packet: Packet, _ context: ExplanationContext
    ) -> Explanation? {
        if packet.transport == .tcp, packet.fragmentOffset == 8, packet.version == .v4,
            context.plan.isServed(packet.destination)
        {
            return Explanation(.laterFragment, .drop(.fragment))
        }
        guard let route = fragments.route(FragmentKey(packet), now: context.time) else { return nil }
        let service = context.plan.services[Int(route.service)]
        var explanation = Explanation(.laterFragment)
        explanation.service = service.name
        explanation.choice = .fragment
        explanation.backend = context.plan.backends[Int(route.backend)].name
        guard route.isToBackend else {
            return explainReturn(
                frame, packet, from: service.endpoint, to: Endpoint(route.client, 0), service, explanation, context)
        }
        explanation.hash = route.flowHash
        if let obstacle = explainObstacle(frame, packet, service, toward: route.backend, explanation, context) {
            return obstacle
        }
        let sender =
            service.mode == .fullNAT
            ? context.plan.sourceAddresses[Int(route.source.address)] : packet.source
        return explainSend(
            frame, packet, service, toward: route.backend, sender: Endpoint(sender, 0), digest: route.flowHash,
            explanation, context)
    }
}
