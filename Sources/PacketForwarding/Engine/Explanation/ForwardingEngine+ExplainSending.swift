import LoadBalancing

/// What stands in a packet's way, and what is changed where nothing does.
extension ForwardingEngine {
    /// A drop that is answered, if answers are not sent too often and there is a way to the sender.
    func explainAnswer(
        _ answer: Explanation.Answer, _ reason: DropReason, _ frame: borrowing Frame, _ packet: Packet,
        _ explanation: Explanation, _ context: ExplanationContext
    ) -> Explanation {
        guard let hop = context.plan.links.nextHop(to: packet.source) else { return explanation.ending(.drop(reason)) }
        var answers = answers
        guard answers.take(now: context.now) else { return explanation.ending(.drop(.rateLimited)) }
        let isReset = answer == .reset
        let room =
            isReset ? 0 : OriginatedHeader.byteCount(packet.version) + ICMPHeader.Offset.end
        guard frame.headroom >= room else { return explanation.ending(.drop(.noMemory)) }
        var explanation = explanation.ending(.answer(reason))
        explanation.edits = [.answer(answer)]
        explanation.link(frame, to: hop)
        return explanation
    }

    /// A drop of which the sender is told.
    func explainError(
        _ answer: Explanation.Answer, _ reason: DropReason, _ frame: borrowing Frame, _ packet: Packet,
        _ explanation: Explanation, _ context: ExplanationContext
    ) -> Explanation {
        let interface = context.plan.links.interfaces[Int(frame.metadata.interface)]
        guard interface.address(of: packet.version) != nil, frame.mayBeAnsweredWithError(packet) else {
            return explanation.ending(.drop(reason))
        }
        return explainAnswer(answer, reason, frame, packet, explanation, context)
    }

    /// Why a packet cannot go to a backend, if it cannot.
    func explainObstacle(
        _ frame: borrowing Frame, _ packet: Packet, _ service: ServicePlan, toward number: UInt32,
        _ explanation: Explanation, _ context: ExplanationContext
    ) -> Explanation? {
        let backend = context.plan.backends[Int(number)]
        if service.mode.isNAT, packet.hopLimit <= 1 {
            return explainError(.timeExceeded, .ttlExceeded, frame, packet, explanation, context)
        }
        guard let hop = backend.nextHop else { return explanation.ending(.drop(.noNeighbour)) }
        let limit = explainedLimit(of: backend, hop, context)
        let overhead = backend.tunnel?.overhead ?? 0
        if packetByteCount(frame, packet) &+ overhead <= limit { return nil }
        if service.fragmentsInner, packet.version == .v4, !packet.dontFragment {
            return packet.endsTooLate ? explanation.ending(.drop(.fragment)) : nil
        }
        return explainError(
            .tooBig(mtu: limit &- overhead), .tooBig, frame, packet, explanation, context)
    }

    /// The longest packet, outer header included, that gets to a backend.
    private func explainedLimit(of backend: BackendPlan, _ hop: NextHop, _ context: ExplanationContext) -> Int {
        guard backend.tunnel != nil else { return Int(hop.mtu) }
        return min(Int(hop.mtu), paths.mtu(to: backend.endpoint.address, now: context.time) ?? .max)
    }

    /// What is changed in a client's packet that goes to a backend; nothing stands in its way.
    ///
    /// - Parameters:
    ///   - frame: The frame.
    ///   - packet: What it holds.
    ///   - service: The service.
    ///   - number: The backend's number.
    ///   - sender: The sender from then on.
    ///   - digest: The flow's hash.
    ///   - explanation: What is known so far.
    ///   - context: What holds.
    /// - Returns: the whole explanation.
    func explainSend(
        _ frame: borrowing Frame, _ packet: Packet, _ service: ServicePlan, toward number: UInt32, sender: Endpoint?,
        digest: UInt64, _ explanation: Explanation, _ context: ExplanationContext
    ) -> Explanation {
        let backend = context.plan.backends[Int(number)]
        guard let hop = backend.nextHop else { return explanation.ending(.drop(.noNeighbour)) }
        var explanation = explanation.ending(.send)
        if let clamp = service.clampMSS, frame.clampsMSS(of: packet, to: clamp) {
            explanation.edits.append(.maximumSegmentSize(to: clamp))
        }
        if service.mode.isNAT {
            explanation.translate(packet, source: sender, destination: backend.endpoint)
        } else if let tunnel = backend.tunnel {
            let limit = explainedLimit(of: backend, hop, context) &- tunnel.overhead
            if frame.metadata.segmentation != nil {
                explanation.edits.append(.segments)
                explanation.verdict = .sendPieces
            } else if packet.byteCount > limit {
                explanation.edits.append(.fragments(limit: limit))
                explanation.verdict = .sendPieces
            } else if frame.headroom < tunnel.overhead {
                return explanation.ending(.drop(.noMemory))
            }
            explanation.edits.append(
                .encapsulation(
                    mode: service.mode, source: tunnel.source(of: packet, flowHash: digest),
                    destination: tunnel.destination))
        }
        explanation.link(frame, to: hop)
        return explanation
    }
}

extension Explanation {
    /// What translation changes; a packet without ports keeps having none.
    mutating func translate(_ packet: Packet, source: Endpoint?, destination: Endpoint) {
        let oldSource = Endpoint(packet.source, packet.sourcePort)
        let oldDestination = Endpoint(packet.destination, packet.destinationPort)
        if var source {
            if !packet.hasPorts { source.port = 0 }
            if source != oldSource { edits.append(.source(from: oldSource, to: source)) }
        }
        var destination = destination
        if !packet.hasPorts { destination.port = 0 }
        if destination != oldDestination { edits.append(.destination(from: oldDestination, to: destination)) }
        edits.append(.hopLimit(from: packet.hopLimit, to: packet.hopLimit &- 1))
    }
}

extension Frame {
    /// Whether ``clampMSS(of:to:)`` would lower the size.
    borrowing func clampsMSS(of packet: Packet, to limit: UInt16) -> Bool {
        guard packet.hasPorts, packet.transport == .tcp, packet.flags.contains(.syn) else { return false }
        let options = Int(packet.transportOffset) + TCPHeader.Offset.minimumEnd..<Int(packet.payloadOffset)
        let option = withBytes {
            TCPOptions.offset($0, in: options, kind: TCPOptions.Kind.maximumSegmentSize, byteCount: 4)
        }
        guard let option else { return false }
        return bigEndian(at: option + 2, as: UInt16.self) > limit
    }
}
