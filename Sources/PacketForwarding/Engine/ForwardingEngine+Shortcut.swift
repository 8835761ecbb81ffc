import LoadBalancing

/// The way of nearly all packets: whole ones of flows that are established, or of datagrams, and that fit.
///
/// For these it does what the long way does, without asking what they are not. Whatever is out of the ordinary is left to
/// the long way, which begins with the frame as it came.
extension ForwardingEngine {
    /// Sends on a client's packet, and counts it for its backend.
    ///
    /// - Parameters:
    ///   - frame: the frame.
    ///   - arrival: what is known of it, be it nothing.
    ///   - now: the present.
    /// - Returns: whether it is sent; if not, nothing has changed.
    @inline(__always)
    mutating func continueFlow(_ frame: inout Frame, _ arrival: ArrivalPlace, now: FlowTime) -> Bool {
        guard arrival.value.kind == .client else { return false }
        var position = arrival.value.candidate
        let line: FlowLine
        if let candidate = table.line(position, of: arrival.value.key, now: now) {
            line = candidate
        } else {
            guard let found = table.search(arrival.value.key, hash: arrival.value.hash, now: now) else { return false }
            (position, line) = (found, table.entries.line(found))
        }
        let number = line.ends.backend
        let backend = Int(truncatingIfNeeded: number)
        let isUDP = arrival.value.key.transport == .udp
        let byteCount = frame.byteCount
        guard arrival.value.byteCount <= Int(tables.routes[backend].longestPacket),
            isUDP
                ? !tables.routes[backend].hasServers : Self.isUsual(arrival.value.flags, in: line.standing.state)
        else { return false }
        if tables.routes[backend].resets { noteSequences(frame, arrival.value, of: position) }
        switch tables.routes[backend].mode {
        case .dsr:
            frame.truncate(to: Int(arrival.value.end))
            frame.setLink(tables.routes[backend].link)
        case .nat:
            guard arrival.value.hopLimit > 1 else { return false }
            frame.truncate(to: Int(arrival.value.end))
            frame.translate(
                at: Int(arrival.value.networkOffset), arrival.value.key.transport, hopLimit: arrival.value.hopLimit,
                destination: tables.routes[backend].endpoint, tables.routes[backend].change)
            frame.setLink(tables.routes[backend].link)
        case .ipip, .gre:
            guard paths.isEmpty, !arrival.value.isTagged, let template = tables.routes[backend].template else {
                guard rewrite(&frame, arrival.value, line, backend) else { return false }
                break
            }
            frame.truncate(to: Int(arrival.value.end))
            let isDone = frame.encapsulate(
                in: template, packetByteCount: arrival.value.byteCount, trafficClass: arrival.value.trafficClass,
                link: tables.routes[backend].link)
            guard isDone else { return false }
        case .fullNAT, .gue:
            guard rewrite(&frame, arrival.value, line, backend) else { return false }
        }
        let timeout = isUDP ? tables.routes[backend].datagramTimeout : tables.routes[backend].establishedTimeout
        table.restart(line, position, deadline: now + timeout)
        let interface = UInt32(tables.routes[backend].interface)
        if interface != frame.metadata.interface {
            if arrival.value.isTagged { frame.removeTag() } else { frame.metadata.tag = nil }
            frame.metadata.interface = interface
        }
        counters.backends.note(UInt64(truncatingIfNeeded: byteCount), number, isReturn: false)
        return true
    }

    /// Edits and addresses a client's packet where that is not the same for all packets to a backend.
    @inline(never)
    private mutating func rewrite(_ frame: inout Frame, _ arrival: Arrival, _ line: FlowLine, _ backend: Int) -> Bool {
        let route = tables.routes[backend]
        let client = Endpoint(arrival.key.client, arrival.key.port)
        let packet = Packet(arrival, from: client, to: route.service)
        switch route.mode {
        case .dsr, .nat: return false
        case .fullNAT:
            guard arrival.hopLimit > 1 else { return false }
            frame.truncate(to: Int(arrival.end))
            let source = line.standing.source
            let sender = Endpoint(tables.sourceAddresses[Int(source.address)], source.port)
            frame.translate(packet, source: sender, destination: route.endpoint)
        case .ipip, .gre, .gue:
            guard paths.isEmpty, let tunnel = route.tunnel else { return false }
            let digest = tunnel.dependsOnFlow ? digest(of: packet) : 0
            guard frame.encapsulate(packet, in: tunnel, flowHash: digest) else { return false }
        }
        frame.setLink(route.link)
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
    mutating func continueAnswer(_ frame: inout Frame, _ arrival: Arrival, now: FlowTime) -> Bool {
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
