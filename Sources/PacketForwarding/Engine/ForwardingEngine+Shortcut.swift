import LoadBalancing

/// The way of nearly all packets.
extension ForwardingEngine {
    /// Sends on a whole packet of a flow that is established, or of datagrams, whose backend is there and which fits.
    ///
    /// For such packets it does what ``handleClient(_:_:_:_:_:_:)`` does, without asking what they are not.
    ///
    /// - Parameters:
    ///   - frame: the frame.
    ///   - arrival: a client's packet.
    ///   - position: its flow.
    ///   - now: the present.
    /// - Returns: what became of it; `nil`, and nothing changed, if the packet is not of that kind.
    @inline(__always)
    mutating func shortcut(
        _ frame: inout Frame, _ arrival: borrowing Arrival, _ position: UInt32, now: FlowTime
    ) -> Verdict? {
        let rule = tables.rules[Int(arrival.number)]
        let backend = table.backend(of: position)
        let route = tables.routes[Int(backend)]
        let state = table.state(of: position)
        guard isUsual(arrival.packet, of: rule, in: state), frame.metadata.segmentation == nil,
            arrival.packet.byteCount <= route.longestPacket, let hop = route.nextHop
        else { return nil }
        noteSequences(frame, arrival.packet, of: position, rule)
        switch rule.mode {
        case .dsr:
            frame.truncate(to: arrival.packet.end)
        case .nat:
            guard arrival.packet.hopLimit > 1 else { return nil }
            frame.truncate(to: arrival.packet.end)
            let sender = Endpoint(arrival.packet.source, arrival.packet.sourcePort)
            frame.translate(arrival.packet, source: sender, destination: route.endpoint)
        case .fullNAT:
            guard arrival.packet.hopLimit > 1 else { return nil }
            frame.truncate(to: arrival.packet.end)
            let source = table.source(of: position)
            let sender = Endpoint(tables.sourceAddresses[Int(source.address)], source.port)
            frame.translate(arrival.packet, source: sender, destination: route.endpoint)
        case .ipip, .gre, .gue:
            guard paths.isEmpty, let tunnel = route.tunnel else { return nil }
            let digest = tunnel.dependsOnFlow ? digest(of: arrival.packet) : 0
            guard frame.encapsulate(arrival.packet, in: tunnel, flowHash: digest) else { return nil }
        }
        table.restart(position, as: state, now: now)
        course = PacketCourse(service: rule.number, backend: backend)
        link(&frame, to: hop)
        return .send
    }

    @inline(__always)
    private func isUsual(_ packet: Packet, of rule: ServiceRule, in state: FlowState) -> Bool {
        guard packet.part == .whole else { return false }
        if packet.transport == .udp { return !rule.hasServers }
        return state.phase == .established && packet.flags.isDisjoint(with: [.syn, .rst, .fin])
    }
}
