import PacketForwarding

/// A backend as `list` shows it.
struct BackendLine: Hashable, Sendable, Codable, Table.Line {
    let service: String
    let backend: String
    let address: Endpoint
    let state: BackendState
    let weight: Int
    let flows: Int
    let packets: UInt64
    let reason: String?

    static let heading = ["SERVICE", "BACKEND", "ADDRESS", "STATE", "WEIGHT", "FLOWS", "PACKETS", "REASON"]

    var columns: [String] {
        [service, backend, "\(address)", state.rawValue, "\(weight)", "\(flows)", "\(packets)", reason ?? ""]
    }

    static func all(of daemon: isolated Daemon) -> [BackendLine] {
        daemon.forwarder.snapshot.services.flatMap { service -> [BackendLine] in
            let configured = daemon.forwarding.services.first { $0.name == service.name }?.backends ?? []
            return service.backends.compactMap { backend in
                let place = configured.firstIndex { $0.name == backend.name && $0.endpoint == backend.endpoint }
                let standing = place.flatMap { place -> BackendStanding? in
                    let standings = daemon.standings[service.name] ?? []
                    return place < standings.count ? standings[place] : nil
                }
                // One that is no longer in the file is shown for as long as somebody uses it.
                guard standing != nil || backend.flows.open > 0 else { return nil }
                return BackendLine(
                    service: service.name, backend: backend.name, address: backend.endpoint, state: backend.state,
                    weight: backend.weight, flows: backend.flows.open, packets: backend.sent.packets,
                    reason: standing == nil ? "no longer in the file" : standing?.reason)
            }
        }
    }
}

/// The flows of a backend as `flows` shows them.
struct FlowLine: Hashable, Sendable, Codable, Table.Line {
    let service: String
    let backend: String
    let flows: ForwardingSnapshot.Flows

    static let heading = [
        "SERVICE", "BACKEND", "HALF-OPEN", "ESTABLISHED", "CLOSING", "DATAGRAMS", "ADOPTED", "OPENED", "EXPIRED",
        "EVICTED", "REPLACED", "FAILED",
    ]

    var columns: [String] {
        [service, backend]
            + [
                "\(flows.halfOpen)", "\(flows.established)", "\(flows.closing)", "\(flows.datagrams)",
                "\(flows.adopted)", "\(flows.opened)", "\(flows.expired)", "\(flows.evicted)",
                "\(flows.replaced)", "\(flows.failed)",
            ]
    }

    /// Services with their backends, and all together last.
    static func all(of snapshot: ForwardingSnapshot) -> [FlowLine] {
        snapshot.services.flatMap { service in
            service.backends.map { FlowLine(service: service.name, backend: $0.name, flows: $0.flows) }
        } + [FlowLine(service: "all", backend: "", flows: snapshot.flows)]
    }
}
