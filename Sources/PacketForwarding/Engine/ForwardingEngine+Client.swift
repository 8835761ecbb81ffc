import LoadBalancing

/// Packets of clients to a service.
extension ForwardingEngine {
    mutating func handleClient(
        _ frame: inout Frame, _ packet: Packet, service number: Int, _ pass: inout Passage,
        _ pieces: inout FrameBatch, _ pool: inout FramePool
    ) -> Verdict {
        let service = tables.rules[number]
        let key = FlowKey(
            client: packet.source, port: packet.sourcePort, transport: packet.transport, service: service.number,
            mode: service.flowMode,
            target: service.isWide ? table.target(of: Endpoint(packet.destination, packet.destinationPort)) : 0)
        let way = ClientWay(service: service, packet: packet, key: key, hash: table.hash(key))
        let position = table.find(key, hash: way.hash, now: pass.time)
        return handleClient(&frame, way, position, &pass, &pieces, &pool)
    }

    /// A packet of the flow at a position, or of none that is known.
    mutating func handleClient(
        _ frame: inout Frame, _ way: ClientWay, _ position: UInt32?, _ pass: inout Passage,
        _ pieces: inout FrameBatch, _ pool: inout FramePool
    ) -> Verdict {
        course.service = way.service.number
        if way.packet.transport == .udp {
            return handleDatagram(&frame, way, position, &pass, &pieces, &pool)
        }
        return handleSegment(&frame, way, position, &pass, &pieces, &pool)
    }

    private mutating func handleDatagram(
        _ frame: inout Frame, _ way: ClientWay, _ position: UInt32?, _ pass: inout Passage,
        _ pieces: inout FrameBatch, _ pool: inout FramePool
    ) -> Verdict {
        if way.service.hasServers, let named = namedBackend(frame, way) {
            return handleNamed(&frame, way, position, backend: named, &pass, &pieces, &pool)
        }
        if let position {
            let backend = table.backend(of: position)
            if tables.routes[Int(backend)].condition != .down {
                return continueFlow(&frame, way, position, as: .datagrams, &pass, &pieces, &pool)
            }
            return openFlow(&frame, way, replacing: position, as: .datagrams, &pass, &pieces, &pool)
        }
        return openFlow(&frame, way, replacing: nil, as: .datagrams, &pass, &pieces, &pool)
    }

    /// The backend that the datagram's connection ID names, unless it is dead.
    private func namedBackend(_ frame: borrowing Frame, _ way: ClientWay) -> UInt32? {
        guard way.packet.part == .whole, let servers = plan.services[Int(way.service.number)].servers,
            let backend = frame.withBytes({ servers.backend($0, in: way.packet.datagramPayload($0)) })
        else { return nil }
        return tables.routes[Int(backend)].condition == .down ? nil : backend
    }

    private mutating func handleNamed(
        _ frame: inout Frame, _ way: ClientWay, _ position: UInt32?, backend: UInt32, _ pass: inout Passage,
        _ pieces: inout FrameBatch, _ pool: inout FramePool
    ) -> Verdict {
        if let position, table.backend(of: position) == backend {
            return continueFlow(&frame, way, position, as: .datagrams, &pass, &pieces, &pool)
        }
        if let verdict = obstacle(&frame, way.packet, way.service, toward: backend, pass) { return verdict }
        if way.service.flowMode == .nat, table.sharesAnswers(way.key, backend: backend, now: pass.time) {
            return .drop(.noPort)
        }
        if let position {
            guard rebind(position, to: backend, as: .datagrams, now: pass.time) else { return .drop(.noPort) }
            return send(&frame, way, toward: backend, source: table.source(of: position), pass, &pieces, &pool)
        }
        return insert(&frame, way, backend: backend, isNamed: true, as: .datagrams, &pass, &pieces, &pool)
    }

    private mutating func handleSegment(
        _ frame: inout Frame, _ way: ClientWay, _ position: UInt32?, _ pass: inout Passage,
        _ pieces: inout FrameBatch, _ pool: inout FramePool
    ) -> Verdict {
        let packet = way.packet
        let segment = TCPSegment(packet.flags, dataByteCount: packet.payloadByteCount)
        let condition =
            position.map { tables.routes[Int(table.backend(of: $0))].condition } ?? .takes
        let step = TCPTable.client(
            segment, state: position.map { table.state(of: $0) }, seesBoth: way.service.flowMode.seesBoth,
            condition: condition)
        switch step {
        case .forward(let state):
            guard let position else { return .pass }
            return continueFlow(&frame, way, position, as: state, &pass, &pieces, &pool)
        case .open:
            return openFlow(&frame, way, replacing: nil, as: .opened, &pass, &pieces, &pool)
        case .replace:
            return openFlow(&frame, way, replacing: position, as: .opened, &pass, &pieces, &pool)
        case .beginAnew:
            guard let position else { return .pass }
            let backend = table.backend(of: position)
            if let verdict = obstacle(&frame, packet, way.service, toward: backend, pass) { return verdict }
            table.beginAnew(position, now: pass.time)
            return send(&frame, way, toward: backend, source: table.source(of: position), pass, &pieces, &pool)
        case .adopt(let state):
            guard let backend = hashed(way) else { return refuse(.noBackend, &frame, way, isAnswered: true, pass) }
            if let verdict = obstacle(&frame, packet, way.service, toward: backend, pass) { return verdict }
            return insert(&frame, way, backend: backend, as: state, &pass, &pieces, &pool)
        case .strayReset:
            guard let backend = hashed(way) else { return .drop(.noBackend) }
            if let verdict = obstacle(&frame, packet, way.service, toward: backend, pass) { return verdict }
            return send(&frame, way, toward: backend, source: .none, pass, &pieces, &pool)
        case .dropUnknown(let isAnswered):
            return refuse(.noFlow, &frame, way, isAnswered: isAnswered, pass)
        case .dropDead(let isAnswered):
            return refuse(.noBackend, &frame, way, isAnswered: isAnswered, pass)
        case .pass:
            return .pass
        }
    }

    /// Drops a segment, with a RST where the service is to give one.
    mutating func refuse(
        _ reason: DropReason, _ frame: inout Frame, _ way: ClientWay, isAnswered: Bool, _ pass: borrowing Passage
    ) -> Verdict {
        guard isAnswered, way.service.resets, way.packet.transport == .tcp else { return .drop(reason) }
        return answer(reason, &frame, way.packet, pass) { $0.becomeReset(to: way.packet) }
    }

    /// Sends a packet on to its flow's backend.
    private mutating func continueFlow(
        _ frame: inout Frame, _ way: ClientWay, _ position: UInt32, as state: FlowState, _ pass: inout Passage,
        _ pieces: inout FrameBatch, _ pool: inout FramePool
    ) -> Verdict {
        let backend = table.backend(of: position)
        if let verdict = obstacle(&frame, way.packet, way.service, toward: backend, pass) { return verdict }
        table.restart(position, as: state, now: pass.time)
        noteSequences(frame, way.packet, of: position, way.service)
        return send(&frame, way, toward: backend, source: table.source(of: position), pass, &pieces, &pool)
    }

    /// The backend that the flow's hash gives among those that take new flows.
    func hashed(_ way: ClientWay) -> UInt32? {
        hashed(way.service, digest: digest(of: way), client: way.key.client)
    }

    func hashed(_ service: ServiceRule, digest: UInt64, client: IPAddress) -> UInt32? {
        hashed(service, digest: digest, client: client) { tables.routes[Int($0)].condition == .takes }
    }

    /// The backend that a hash gives among those that `accepts` takes.
    func hashed(
        _ service: ServiceRule, digest: UInt64, client: IPAddress, where accepts: (UInt32) -> Bool
    ) -> UInt32? {
        let hash = service.hashesClients ? FlowDigest.client(client, seed: tables.seed) : digest
        let number = Int(service.number)
        let index = plan.services[number].table.backend(for: hash) { accepts(plan.services[number].backends[$0]) }
        return index.map { plan.services[number].backends[$0] }
    }

    /// The flow's hash that all balancers share.
    @inline(__always)
    func digest(of way: ClientWay) -> UInt64 {
        digest(of: way.packet)
    }

    /// The hash of a client's flow that all balancers share.
    @inline(__always)
    func digest(of packet: Packet) -> UInt64 {
        FlowDigest.flow(
            client: Endpoint(packet.source, packet.sourcePort),
            service: Endpoint(packet.destination, packet.destinationPort), transport: packet.transport,
            seed: tables.seed)
    }
}

/// A client's packet on its way to a backend.
struct ClientWay: BitwiseCopyable {
    let service: ServiceRule
    let packet: Packet
    let key: FlowKey
    /// The key's hash in the flow table.
    let hash: UInt64
}
