public import LoadBalancing

/// Why did this packet go there?
extension ForwardingEngine {
    /// Says what ``process(_:at:pieces:pool:)`` would do with a frame now, and why.
    ///
    /// Nothing changes by it: no count, no flow, no turn of a scheduler, no token of a limit. It holds for the very next
    /// frame, if ``poll(at:budget:)`` leaves nothing undone.
    ///
    /// - Parameters:
    ///   - frame: the frame as it came in, with its metadata.
    ///   - now: the present.
    /// - Complexity: O(1) in the flows, unless a limit is reached.
    /// - Returns: the findings, of which ``Explanation/verdict`` is the last.
    public func explain(_ frame: borrowing Frame, at now: Timestamp) -> Explanation {
        let context = ExplanationContext(nextPlan, now)
        let tag = frame.metadata.tag
        guard let header = frame.withBytes({ EthernetHeader($0, tag: tag) }) else {
            return Explanation(.unreadable, .drop(.malformed))
        }
        let interfaces = context.plan.links.interfaces
        guard Int(frame.metadata.interface) < interfaces.count else { return Explanation(.otherStation) }
        let incoming = UInt16(truncatingIfNeeded: frame.metadata.interface)
        let isOurs = header.destination == interfaces[Int(incoming)].mac
        if !isOurs, !header.destination.isGroup { return Explanation(.otherStation) }
        if header.etherType == .arp { return explainARP(frame, header, on: incoming, context) }
        guard header.etherType == .ipv4 || header.etherType == .ipv6 else { return Explanation(.otherProtocol) }
        let checksum = frame.metadata.checksum
        guard let packet = frame.withBytes({ Packet($0, behind: header, checksum: checksum) }) else {
            return Explanation(isOurs ? .unreadable : .otherStation, isOurs ? .drop(.malformed) : .pass)
        }
        if packet.transport == .icmpv6, packet.version == .v6, packet.part == .whole,
            let explanation = explainSolicitation(frame, packet, on: incoming, context)
        {
            return explanation
        }
        guard isOurs else { return Explanation(.otherStation) }
        guard context.plan.isServed(packet.destination) else {
            if packet.isMalformed { return Explanation(.notServed) }
            return explainFromBackend(frame, packet, context)
        }
        if packet.isMalformed { return Explanation(.unreadable, .drop(.malformed)) }
        return explainToService(frame, packet, context)
    }

    private func explainToService(
        _ frame: borrowing Frame, _ packet: Packet, _ context: ExplanationContext
    ) -> Explanation {
        if packet.part == .later {
            return explainLaterFragment(frame, packet, context) ?? Explanation(.laterFragment, .drop(.fragment))
        }
        if packet.hasPorts {
            guard
                let service = context.plan.service(
                    at: packet.destination, port: packet.destinationPort, transport: packet.transport)
            else { return Explanation(.otherPort) }
            return explainClient(frame, packet, context.plan.services[service], context)
        }
        guard packet.carriesICMP else { return Explanation(.otherPort) }
        guard packet.part == .whole else { return Explanation(.otherPort, .drop(.fragment)) }
        return explainICMPToService(frame, packet, context)
    }

    private func explainARP(
        _ frame: borrowing Frame, _ header: EthernetHeader, on interface: UInt16, _ context: ExplanationContext
    ) -> Explanation {
        let offset = header.byteCount
        guard frame.byteCount - offset >= ARPMessage.Offset.end else {
            return Explanation(.unreadable, .drop(.malformed))
        }
        guard let message = frame.withBytes({ ARPMessage($0, at: offset) }), message.operation == .request,
            context.plan.answers(for: message.target, on: interface)
        else { return Explanation(.resolution) }
        return .stationAddress(to: message.senderHardware, on: interface)
    }

    private func explainSolicitation(
        _ frame: borrowing Frame, _ packet: Packet, on interface: UInt16, _ context: ExplanationContext
    ) -> Explanation? {
        guard !packet.isMalformed,
            frame.withBytes({ ICMPHeader($0, of: packet) })?.type == .neighbourSolicitation
        else { return nil }
        guard let target = frame.withBytes({ NeighbourSolicitation.target($0, of: packet) }),
            context.plan.answers(for: target, on: interface)
        else { return Explanation(.resolution) }
        guard frame.withBytes({ NeighbourSolicitation($0, of: packet) }) != nil else {
            return Explanation(.resolution, .drop(.malformed))
        }
        return Explanation(.resolution, .send, edits: [.answer(.stationAddress)])
    }
}

extension Explanation {
    init(_ subject: Subject, _ verdict: Verdict, edits: [Edit] = []) {
        self.init(subject)
        self.verdict = verdict
        self.edits = edits
    }

    fileprivate static func stationAddress(to station: MACAddress, on interface: UInt16) -> Explanation {
        Explanation(
            .resolution, .send,
            edits: [.answer(.stationAddress), .link(interface: Int(interface), destination: station)])
    }

    /// The same with another verdict.
    func ending(_ verdict: Verdict) -> Explanation {
        var explanation = self
        explanation.verdict = verdict
        return explanation
    }

    /// What a frame's way to the next hop changes of it.
    mutating func link(_ frame: borrowing Frame, to hop: NextHop) {
        if UInt32(hop.interface) != frame.metadata.interface {
            let tag = frame.metadata.tag
            let hasTag = frame.withBytes { EthernetHeader($0, tag: tag)?.hasTag ?? false }
            if tag != nil || hasTag { edits.append(.tagRemoved) }
        }
        edits.append(.link(interface: Int(hop.interface), destination: hop.destination))
    }
}
