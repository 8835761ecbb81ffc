import LoadBalancing

/// What a frame is, and who is asked about it.
extension ForwardingEngine {
    mutating func handle(
        _ frame: inout Frame, _ pass: inout Passage, _ pieces: inout FrameBatch, _ pool: inout FramePool
    ) -> Verdict {
        let tag = frame.metadata.tag
        guard let header = frame.withBytes({ EthernetHeader($0, tag: tag) }) else { return .drop(.malformed) }
        guard Int(frame.metadata.interface) < tables.stations.count else { return .pass }
        let incoming = UInt16(truncatingIfNeeded: frame.metadata.interface)
        let isOurs = header.destination == tables.stations[Int(incoming)]
        if !isOurs, !header.destination.isGroup { return .pass }
        if header.etherType == .arp { return answerARP(&frame, header, on: incoming) }
        guard header.etherType == .ipv4 || header.etherType == .ipv6 else { return .pass }
        let checksum = frame.metadata.checksum
        guard let packet = frame.withBytes({ Packet($0, behind: header, checksum: checksum) }) else {
            return isOurs ? .drop(.malformed) : .pass
        }
        if packet.transport == .icmpv6, packet.version == .v6, packet.part == .whole,
            let verdict = answerSolicitation(&frame, packet, on: incoming)
        {
            return verdict
        }
        guard isOurs else { return .pass }
        if plan.isServed(packet.destination) {
            if packet.isMalformed { return .drop(.malformed) }
            return handleToService(&frame, packet, &pass, &pieces, &pool)
        }
        return packet.isMalformed ? .pass : handleFromBackend(&frame, packet, &pass, &pieces, &pool)
    }

    /// A packet to an address of a service.
    private mutating func handleToService(
        _ frame: inout Frame, _ packet: Packet, _ pass: inout Passage, _ pieces: inout FrameBatch,
        _ pool: inout FramePool
    ) -> Verdict {
        if packet.part == .later {
            return handleLaterFragment(&frame, packet, &pass, &pieces, &pool) ?? .drop(.fragment)
        }
        if packet.hasPorts {
            // RFC 1858: nobody honest cuts a TCP header in two.
            guard
                let service = plan.service(
                    at: packet.destination, port: packet.destinationPort, transport: packet.transport)
            else { return .pass }
            return handleClient(&frame, packet, service: service, &pass, &pieces, &pool)
        }
        if packet.transport == (packet.version == .v4 ? .icmp : .icmpv6) {
            guard packet.part == .whole else { return .drop(.fragment) }
            return handleICMPToService(&frame, packet, &pass, &pieces, &pool)
        }
        return .pass
    }

    /// Drops a packet that is answered, if answers are not sent too often and there is a way to its sender.
    mutating func answer(
        _ reason: DropReason, _ frame: inout Frame, _ packet: Packet, _ pass: borrowing Passage,
        _ become: (inout Frame) -> Bool
    ) -> Verdict {
        guard let hop = plan.links.nextHop(to: packet.source) else { return .drop(reason) }
        guard answers.take(now: pass.now) else { return .drop(.rateLimited) }
        frame.truncate(to: packet.end)
        guard become(&frame) else { return .drop(.noMemory) }
        link(&frame, to: hop)
        return .answer(reason)
    }

    /// Drops a packet and tells its sender why.
    mutating func answerWithError(
        _ error: ICMPError, _ reason: DropReason, _ frame: inout Frame, _ packet: Packet, _ pass: borrowing Passage
    ) -> Verdict {
        let incoming = Int(frame.metadata.interface)
        guard let source = plan.links.interfaces[incoming].address(of: packet.version),
            frame.mayBeAnsweredWithError(packet)
        else { return .drop(reason) }
        return answer(reason, &frame, packet, pass) { $0.becomeError(error, about: packet, from: source) }
    }

    /// Addresses a frame to the next hop, and takes its tag away if it changes links.
    @inline(__always)
    func link(_ frame: inout Frame, to hop: NextHop) {
        frame.setLink(destination: hop.destination, source: hop.source)
        if UInt32(hop.interface) != frame.metadata.interface {
            frame.removeTag()
            frame.metadata.interface = UInt32(hop.interface)
        }
    }
}
