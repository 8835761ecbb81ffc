import LoadBalancing

/// Packets of clients to a service.
extension ForwardingEngine {
    func explainClient(
        _ frame: borrowing Frame, _ packet: Packet, _ service: ServicePlan, _ context: ExplanationContext
    ) -> Explanation {
        let client = Endpoint(packet.source, packet.sourcePort)
        let digest = FlowDigest.flow(
            client: client, service: Endpoint(packet.destination, packet.destinationPort), transport: packet.transport,
            seed: context.plan.fleetSeed)
        let way = ExplainedWay(
            service: service, packet: packet,
            key: FlowKey(
                client: client.address, port: client.port, transport: packet.transport, service: service.number,
                mode: service.flowMode,
                target: service.isWide
                    ? table.target(of: Endpoint(packet.destination, packet.destinationPort)) : 0),
            digest: digest, rowHash: context.rowHash(service, digest: digest, client: client.address))
        var explanation = Explanation(.client)
        explanation.service = service.name
        explanation.client = client
        explanation.hash = digest
        explanation.row = service.table.row(for: way.rowHash)
        let position = table.peek(way.key, hash: table.hash(way.key), now: context.time)
        if let position { note(position, &explanation, context) }
        if packet.transport == .udp { return explainDatagram(frame, way, position, explanation, context) }
        return explainSegment(frame, way, position, explanation, context)
    }

    /// Notes the flow of a packet, and its backend.
    func note(_ position: UInt32, _ explanation: inout Explanation, _ context: ExplanationContext) {
        let flow = table.flow(at: position)
        let backend = context.plan.backends[Int(flow.backend)]
        let standing: Explanation.Flow.Standing =
            switch flow.state.phase {
            case .handshake: .halfOpen
            case .free, .established: .established
            case .closing: .closing
            case .resetHandshake, .resetEstablished: .reset
            case .datagrams: .datagrams
            }
        explanation.flow = Explanation.Flow(
            standing: standing, isAdopted: flow.state.isAdopted, backend: backend.name, backendState: backend.state,
            secondsLeft: Double(flow.deadline.ticks(since: context.time)) / 256)
        explanation.backend = backend.name
        explanation.choice = .flow
    }

    private func explainDatagram(
        _ frame: borrowing Frame, _ way: ExplainedWay, _ position: UInt32?, _ explanation: Explanation,
        _ context: ExplanationContext
    ) -> Explanation {
        if let servers = way.service.servers, way.packet.part == .whole,
            let named = frame.withBytes({ servers.backend($0, in: way.packet.datagramPayload($0)) }),
            context.plan.backends[Int(named)].condition != .down
        {
            return explainNamed(frame, way, position, named, explanation, context)
        }
        if let position, context.plan.backends[Int(table.backend(of: position))].condition != .down {
            return explainContinuation(frame, way, position, explanation, context)
        }
        return explainOpening(frame, way, replacing: position, as: .datagrams, explanation, context)
    }

    private func explainNamed(
        _ frame: borrowing Frame, _ way: ExplainedWay, _ position: UInt32?, _ named: UInt32,
        _ explanation: Explanation, _ context: ExplanationContext
    ) -> Explanation {
        if let position, table.backend(of: position) == named {
            return explainContinuation(frame, way, position, explanation, context)
        }
        let backend = context.plan.backends[Int(named)]
        var explanation = explanation
        explanation.choice = .connectionID
        explanation.backend = backend.name
        if let obstacle = explainObstacle(frame, way.packet, way.service, toward: named, explanation, context) {
            return obstacle
        }
        if way.service.flowMode == .nat,
            table.peekSharesAnswers(way.key, at: backend.endpointNumber, now: context.time)
        {
            return explanation.ending(.drop(.noPort))
        }
        if position != nil { return explainMove(frame, way, to: named, explanation, context) }
        return explainInsertion(
            frame, way, backend: named, isNamed: true, as: .datagrams, explanation, context)
    }

    private func explainSegment(
        _ frame: borrowing Frame, _ way: ExplainedWay, _ position: UInt32?, _ explanation: Explanation,
        _ context: ExplanationContext
    ) -> Explanation {
        let dataByteCount = way.packet.end - Int(way.packet.payloadOffset)
        let condition = position.map { context.plan.backends[Int(table.backend(of: $0))].condition } ?? .takes
        let step = TCPTable.client(
            TCPSegment(way.packet.flags, dataByteCount: dataByteCount), state: position.map { table.state(of: $0) },
            seesBoth: way.service.flowMode.seesBoth, condition: condition)
        switch step {
        case .forward:
            guard let position else { return explanation }
            return explainContinuation(frame, way, position, explanation, context)
        case .open: return explainOpening(frame, way, replacing: nil, as: .opened, explanation, context)
        case .replace: return explainOpening(frame, way, replacing: position, as: .opened, explanation, context)
        case .beginAnew:
            guard let position else { return explanation }
            var explanation = explanation
            explanation.beginsFlow = true
            return explainContinuation(frame, way, position, explanation, context)
        case .adopt(let state):
            return explainHashed(frame, way, isAnswered: true, explanation, context) { backend, explanation in
                explainInsertion(frame, way, backend: backend, as: state, explanation, context)
            }
        case .strayReset:
            return explainHashed(frame, way, isAnswered: false, explanation, context) { backend, explanation in
                explainSend(
                    frame, way.packet, way.service, toward: backend, sender: nil, digest: way.digest, explanation,
                    context)
            }
        case .dropUnknown(let isAnswered):
            return explainRefusal(.noFlow, frame, way, isAnswered: isAnswered, explanation, context)
        case .dropDead(let isAnswered):
            return explainRefusal(.noBackend, frame, way, isAnswered: isAnswered, explanation, context)
        case .pass: return explanation
        }
    }

    /// What happens at the backend that the hash gives.
    private func explainHashed(
        _ frame: borrowing Frame, _ way: ExplainedWay, isAnswered: Bool, _ explanation: Explanation,
        _ context: ExplanationContext, then: (UInt32, Explanation) -> Explanation
    ) -> Explanation {
        var explanation = explanation
        explanation.choice = .hash
        guard let backend = context.hashed(way.service, rowHash: way.rowHash) else {
            explanation.backend = nil
            return explainRefusal(.noBackend, frame, way, isAnswered: isAnswered, explanation, context)
        }
        explanation.backend = context.plan.backends[Int(backend)].name
        if let obstacle = explainObstacle(frame, way.packet, way.service, toward: backend, explanation, context) {
            return obstacle
        }
        return then(backend, explanation)
    }

    /// A segment that is dropped, with a RST where the service is to give one.
    func explainRefusal(
        _ reason: DropReason, _ frame: borrowing Frame, _ way: ExplainedWay, isAnswered: Bool,
        _ explanation: Explanation, _ context: ExplanationContext
    ) -> Explanation {
        guard isAnswered, way.service.resets, way.packet.transport == .tcp else {
            return explanation.ending(.drop(reason))
        }
        return explainAnswer(.reset, reason, frame, way.packet, explanation, context)
    }

    private func explainContinuation(
        _ frame: borrowing Frame, _ way: ExplainedWay, _ position: UInt32, _ explanation: Explanation,
        _ context: ExplanationContext
    ) -> Explanation {
        let backend = table.backend(of: position)
        if let obstacle = explainObstacle(frame, way.packet, way.service, toward: backend, explanation, context) {
            return obstacle
        }
        return explainSend(
            frame, way.packet, way.service, toward: backend, sender: sender(way, table.source(of: position), context),
            digest: way.digest, explanation, context)
    }

    /// The sender that a backend sees.
    func sender(_ way: ExplainedWay, _ source: FlowSource, _ context: ExplanationContext) -> Endpoint {
        guard way.service.mode == .fullNAT else { return Endpoint(way.packet.source, way.packet.sourcePort) }
        return Endpoint(context.plan.sourceAddresses[Int(source.address)], source.port)
    }
}
