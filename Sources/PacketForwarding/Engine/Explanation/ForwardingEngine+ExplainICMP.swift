import LoadBalancing

/// ICMP and ICMPv6.
extension ForwardingEngine {
    /// A message to an address of a service.
    func explainICMPToService(
        _ frame: borrowing Frame, _ packet: Packet, _ context: ExplanationContext
    ) -> Explanation {
        guard let header = frame.withBytes({ ICMPHeader($0, of: packet) }) else { return Explanation(.otherPort) }
        let isEcho = header.type == .echoRequest(packet.version)
        guard frame.hasSoundICMPChecksum(packet) else {
            return Explanation(isEcho ? .echoRequest : .otherPort, .drop(.malformed))
        }
        if isEcho {
            guard let hop = context.plan.links.nextHop(to: packet.source) else {
                return Explanation(.echoRequest, .drop(.noNeighbour))
            }
            var explanation = Explanation(.echoRequest, .send, edits: [.answer(.echoReply)])
            explanation.link(frame, to: hop)
            return explanation
        }
        guard header.type.isError else { return Explanation(.otherPort) }
        guard let quoted = frame.withBytes({ packet.quotedPacket($0) }) else {
            return Explanation(.errorAboutAnswer, .drop(.malformed))
        }
        guard quoted.hasPorts, quoted.source.address == packet.destination,
            let number = context.plan.service(
                at: quoted.source.address, port: quoted.source.port, transport: quoted.transport)
        else { return Explanation(.otherPort) }
        return explainClientsError(frame, packet, quoted, context.plan.services[number], context)
    }

    /// An error about what a service sent to a client.
    private func explainClientsError(
        _ frame: borrowing Frame, _ packet: Packet, _ quoted: QuotedPacket, _ service: ServicePlan,
        _ context: ExplanationContext
    ) -> Explanation {
        let client = quoted.destination
        let key = FlowKey(
            client: client.address, port: client.port, transport: quoted.transport, service: service.number,
            mode: service.flowMode, target: service.isWide ? table.target(of: quoted.source) : 0)
        let digest = FlowDigest.flow(
            client: client, service: quoted.source, transport: quoted.transport, seed: context.plan.fleetSeed)
        let rowHash = context.rowHash(service, digest: digest, client: client.address)
        var explanation = Explanation(.errorAboutAnswer)
        explanation.service = service.name
        explanation.client = client
        explanation.hash = digest
        explanation.row = service.table.row(for: rowHash)
        let position = table.peek(key, hash: table.hash(key), now: context.time)
        var chosen: UInt32?
        if let position {
            note(position, &explanation, context)
            chosen = table.backend(of: position)
        } else if !service.mode.isNAT {
            explanation.choice = .hash
            chosen = context.hashed(service, rowHash: rowHash)
        }
        guard let chosen else { return explanation.ending(.drop(service.mode.isNAT ? .noFlow : .noBackend)) }
        let backend = context.plan.backends[Int(chosen)]
        explanation.backend = backend.name
        if let obstacle = explainObstacle(frame, packet, service, toward: chosen, explanation, context) {
            return obstacle
        }
        guard service.mode.isNAT, let position else {
            return explainSend(
                frame, packet, service, toward: chosen, sender: nil, digest: digest, explanation, context)
        }
        var sender = packet.source
        var quotedReceiver = client
        if service.mode == .fullNAT {
            let source = table.source(of: position)
            sender = context.plan.sourceAddresses[Int(source.address)]
            quotedReceiver = Endpoint(sender, source.port)
        }
        return explainTranslatedError(
            frame, packet, quoted, to: backend.nextHop, source: sender, destination: backend.endpoint.address,
            quotedSource: backend.endpoint, quotedDestination: quotedReceiver, explanation)
    }

    /// An error about a packet on its way to a backend.
    func explainRoutersError(
        _ frame: borrowing Frame, _ packet: Packet, _ context: ExplanationContext
    ) -> Explanation {
        guard packet.part == .whole, let header = frame.withBytes({ ICMPHeader($0, of: packet) }),
            header.type.isError, let quoted = frame.withBytes({ packet.quotedPacket($0) }),
            quoted.hasPorts, packet.destination == quoted.source.address,
            let position = peekAnswered(from: quoted.destination, to: quoted.source, quoted.transport, context)
        else { return Explanation(.notServed) }
        let flow = table.flow(at: position)
        let service = context.plan.services[Int(flow.key.service)]
        let client = Endpoint(flow.key.client, flow.key.port)
        var explanation = Explanation(.errorAboutRequest)
        explanation.service = service.name
        explanation.client = client
        note(position, &explanation, context)
        guard frame.hasSoundICMPChecksum(packet) else {
            return explanation.ending(.drop(.malformed))
        }
        guard packet.hopLimit > 1 else { return explanation.ending(.drop(.ttlExceeded)) }
        return explainTranslatedError(
            frame, packet, quoted, to: context.plan.links.nextHop(to: client.address),
            source: service.endpoint.address, destination: client.address, quotedSource: client,
            quotedDestination: service.endpoint, explanation)
    }

    private func explainTranslatedError(
        _ frame: borrowing Frame, _ packet: Packet, _ quoted: QuotedPacket, to hop: NextHop?, source: IPAddress,
        destination: IPAddress, quotedSource: Endpoint, quotedDestination: Endpoint, _ explanation: Explanation
    ) -> Explanation {
        guard let hop else { return explanation.ending(.drop(.noNeighbour)) }
        var explanation = explanation.ending(.send)
        explanation.translate(packet, source: Endpoint(source, 0), destination: Endpoint(destination, 0))
        if quoted.source != quotedSource {
            explanation.edits.append(.quotedSource(from: quoted.source, to: quotedSource))
        }
        if quoted.destination != quotedDestination {
            explanation.edits.append(.quotedDestination(from: quoted.destination, to: quotedDestination))
        }
        explanation.link(frame, to: hop)
        return explanation
    }
}
