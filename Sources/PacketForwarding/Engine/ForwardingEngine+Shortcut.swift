import LoadBalancing

/// The way of nearly all packets: whole ones of flows that are established, or of datagrams, and that fit.
///
/// For these it does what the long way does, without asking what they are not. Whatever is out of the ordinary is left to
/// the long way, which begins with the frame as it came.
extension ForwardingEngine {
    /// Sends on a client's packet.
    ///
    /// - Parameters:
    ///   - frame: the frame.
    ///   - arrival: what is known of it.
    ///   - now: the present.
    /// - Returns: whether it is sent; if not, nothing has changed.
    @inline(__always)
    mutating func continueFlow(_ frame: inout Frame, _ arrival: borrowing Arrival, now: FlowTime) -> Bool {
        guard let position = table.usual(arrival.key, hash: arrival.hash, candidate: arrival.candidate, now: now) else {
            return false
        }
        let line = table.entries.line(position)
        let backend = Int(truncatingIfNeeded: line.ends.backend)
        let isUDP = arrival.key.transport == .udp
        guard isUDP ? !tables.routes[backend].hasServers : Self.isUsual(arrival.flags, in: line.standing.state),
            arrival.byteCount <= Int(tables.routes[backend].longestPacket)
        else { return false }
        course.backend = line.ends.backend
        if tables.routes[backend].resets { noteSequences(frame, arrival, of: position) }
        let mode = tables.routes[backend].mode
        switch mode {
        case .dsr:
            frame.truncate(to: Int(arrival.end))
        case .nat, .fullNAT:
            guard arrival.hopLimit > 1 else { return false }
            frame.truncate(to: Int(arrival.end))
            let client = Endpoint(arrival.key.client, arrival.key.port)
            var sender = client
            if mode == .fullNAT {
                let source = line.standing.source
                sender = Endpoint(tables.sourceAddresses[Int(source.address)], source.port)
            }
            let packet = Packet(arrival, from: client, to: tables.routes[backend].service)
            frame.translate(packet, source: sender, destination: tables.routes[backend].endpoint)
        case .ipip, .gre, .gue:
            guard paths.isEmpty, let tunnel = tables.routes[backend].tunnel else { return false }
            let client = Endpoint(arrival.key.client, arrival.key.port)
            let packet = Packet(arrival, from: client, to: tables.routes[backend].service)
            let digest = tunnel.dependsOnFlow ? digest(of: packet) : 0
            guard frame.encapsulate(packet, in: tunnel, flowHash: digest) else { return false }
        }
        let timeout = isUDP ? tables.routes[backend].datagramTimeout : tables.routes[backend].establishedTimeout
        table.restart(line, position, deadline: now + timeout)
        frame.setLink(tables.routes[backend].link)
        let interface = UInt32(tables.routes[backend].interface)
        if interface != frame.metadata.interface {
            frame.removeTag()
            frame.metadata.interface = interface
        }
        return true
    }

    /// Sends on a backend's packet to a client, through NAT.
    ///
    /// - Parameters:
    ///   - frame: the frame.
    ///   - arrival: what is known of it.
    ///   - now: the present.
    /// - Returns: whether it is sent; if not, nothing has changed.
    @inline(never)
    mutating func continueAnswer(_ frame: inout Frame, _ arrival: borrowing Arrival, now: FlowTime) -> Bool {
        let found = table.findAnswered(
            arrival.key, from: arrival.endpoint, hash: arrival.hash, candidate: arrival.candidate, now: now)
        guard let position = found else { return false }
        let line = table.entries.line(position)
        let route = tables.routes[Int(truncatingIfNeeded: line.ends.backend)]
        let isUDP = arrival.key.transport == .udp
        guard isUDP ? true : Self.isUsual(arrival.flags, in: line.standing.state), arrival.hopLimit > 1,
            let hop = plan.links.nextHop(to: arrival.key.client), arrival.byteCount <= Int(hop.mtu)
        else { return false }
        course = PacketCourse(isReturn: true, backend: line.ends.backend)
        if route.resets { noteAnswer(frame, arrival, of: position) }
        let client = Endpoint(arrival.key.client, arrival.key.port)
        frame.truncate(to: Int(arrival.end))
        let packet = Packet(arrival, from: route.endpoint, to: client)
        frame.translate(packet, source: route.service, destination: client)
        table.restart(line, position, deadline: now + (isUDP ? route.datagramTimeout : route.establishedTimeout))
        link(&frame, to: hop)
        return true
    }

    /// Whether a segment changes nothing but the timer of its flow.
    @inline(__always)
    private static func isUsual(_ flags: TCPFlags, in state: FlowState) -> Bool {
        state.phase == .established && flags.isDisjoint(with: [.syn, .rst, .fin])
    }
}
