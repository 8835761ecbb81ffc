import PacketForwarding

/// What the daemon knows, in the text format that Prometheus reads (exposition format 0.0.4).
struct StatisticsText {
    let snapshot: ForwardingSnapshot
    let interfaces: [String]
    let links: [LinkStatistics]
    let isReady: Bool
    let isOutgrown: Bool
    let standings: [String: [BackendStanding]]
    let configuration: ForwardingConfiguration

    /// The whole text.
    var text: String {
        let families =
            packets + flows + services + backends + linkFamilies + [
                MetricFamily("ready", .gauge, "Whether clients may be sent here.", [MetricSample(isReady ? 1 : 0)]),
                MetricFamily(
                    "outgrown", .gauge, "Whether there is no room for the configuration.",
                    [MetricSample(isOutgrown ? 1 : 0)]),
            ]
        return families.map(\.text).joined()
    }

    private var packets: [MetricFamily] {
        [
            MetricFamily(
                "received_packets_total", .counter, "Frames that came in.", [MetricSample(snapshot.received.packets)]),
            MetricFamily(
                "received_bytes_total", .counter, "Bytes of frames that came in.",
                [MetricSample(snapshot.received.bytes)]),
            MetricFamily("sent_packets_total", .counter, "Frames that were sent on.", [MetricSample(snapshot.sent)]),
            MetricFamily(
                "passed_packets_total", .counter, "Frames that were left to the host.", [MetricSample(snapshot.passed)]),
            MetricFamily(
                "answered_packets_total", .counter, "Drops that were answered by an ICMP error or a RST.",
                [MetricSample(snapshot.answered)]),
            MetricFamily(
                "originated_packets_total", .counter, "Frames that no packet caused.",
                [MetricSample(snapshot.originated)]),
            MetricFamily("dropped_packets_total", .counter, "Dropped frames by reason.") {
                DropReason.allCases.map { MetricSample(snapshot.drops[$0] ?? 0, ("reason", $0.rawValue)) }
            },
        ]
    }

    private var flows: [MetricFamily] {
        let flows = snapshot.flows
        let tcp = flows.halfOpen + flows.established + flows.closing
        return [
            MetricFamily("flows", .gauge, "Flows by where they stand.") { Self.kinds(of: flows) },
            MetricFamily("flow_limit", .gauge, "How many flows there may be.", [MetricSample(snapshot.flowLimit)]),
            MetricFamily(
                "table_occupancy", .gauge, "The part of the flow table that is in use.",
                [MetricSample(snapshot.occupancy)]),
            MetricFamily(
                "half_open_share", .gauge, "The part of TCP flows that have not been established.",
                [MetricSample(tcp > 0 ? Double(flows.halfOpen) / Double(tcp) : 0)]),
            MetricFamily("flows_opened_total", .counter, "Flows that began.", [MetricSample(flows.opened)]),
            MetricFamily("flows_expired_total", .counter, "Flows that timed out.", [MetricSample(flows.expired)]),
            MetricFamily(
                "flows_evicted_total", .counter, "Half-open flows that gave way to others.",
                [MetricSample(flows.evicted)]),
            MetricFamily(
                "flows_replaced_total", .counter, "Flows in whose place others began, anew or with another backend.",
                [MetricSample(flows.replaced)]),
            MetricFamily(
                "flows_failed_total", .counter, "Flows that ended with their backend.", [MetricSample(flows.failed)]),
        ]
    }

    private var services: [MetricFamily] {
        [
            MetricFamily("service_flows", .gauge, "Flows of a service by where they stand.") {
                snapshot.services.flatMap { Self.kinds(of: $0.flows, ("service", $0.name)) }
            },
            MetricFamily("service_flow_limit", .gauge, "How many flows a service may have, where that is limited.") {
                snapshot.services.compactMap { service in
                    service.flowLimit.map { MetricSample($0, ("service", service.name)) }
                }
            },
            MetricFamily("service_occupancy", .gauge, "The part of a service's flow limit that is in use.") {
                snapshot.services.compactMap { service in
                    service.occupancy.map { MetricSample($0, ("service", service.name)) }
                }
            },
            MetricFamily("service_dropped_packets_total", .counter, "Dropped frames of a service by reason.") {
                snapshot.services.flatMap { service in
                    service.drops.sorted { $0.key.rawValue < $1.key.rawValue }
                        .map { MetricSample($1, ("service", service.name), ("reason", $0.rawValue)) }
                }
            },
        ]
    }

    private var backends: [MetricFamily] {
        let standing = configuration.services.flatMap { service in
            zip(service.backends, standings[service.name] ?? []).map { (service.name, $0.name, $1) }
        }
        let counted = snapshot.services.flatMap { service in service.backends.map { (service.name, $0) } }
        func each(_ sample: (ForwardingSnapshot.Backend) -> UInt64) -> [MetricSample] {
            counted.map {
                MetricSample(sample($1), ("service", $0), ("backend", $1.name), ("address", "\($1.endpoint)"))
            }
        }
        return [
            MetricFamily("backend_up", .gauge, "Whether a backend takes new flows.") {
                standing.map { MetricSample($2.state == .up ? 1 : 0, ("service", $0), ("backend", $1)) }
            },
            MetricFamily("backend_weight", .gauge, "A backend's weight, as far as it has its share.") {
                standing.map { MetricSample($2.weight, ("service", $0), ("backend", $1)) }
            },
            MetricFamily("backend_sent_packets_total", .counter, "Frames to a backend.") { each(\.sent.packets) },
            MetricFamily("backend_sent_bytes_total", .counter, "Bytes to a backend.") { each(\.sent.bytes) },
            MetricFamily("backend_returned_packets_total", .counter, "Frames from a backend, where they are seen.") {
                each(\.returned.packets)
            },
            MetricFamily("backend_returned_bytes_total", .counter, "Bytes from a backend, where they are seen.") {
                each(\.returned.bytes)
            },
            MetricFamily("backend_flows", .gauge, "Flows of a backend.") { each { UInt64($0.flows.active) } },
            MetricFamily("source_ports_used", .gauge, "Full NAT: source ports in use toward a backend.") {
                counted.compactMap { service, backend in
                    backend.sourcePorts.map { MetricSample($0.used, ("service", service), ("backend", backend.name)) }
                }
            },
            MetricFamily("source_ports_available", .gauge, "Full NAT: source ports toward a backend.") {
                counted.compactMap { service, backend in
                    backend.sourcePorts.map {
                        MetricSample($0.available, ("service", service), ("backend", backend.name))
                    }
                }
            },
        ]
    }

    private var linkFamilies: [MetricFamily] {
        [
            ("link_received_packets_total", "Frames taken out of a ring.", \LinkStatistics.received),
            ("link_kernel_drops_total", "Frames that the kernel dropped for want of room in a ring.", \.overrun),
            ("link_unusable_packets_total", "Frames that came cut short, or cannot be forwarded.", \.unusable),
            ("link_sent_packets_total", "Frames sent.", \.sent),
            ("link_send_failures_total", "Frames that the kernel refused to send.", \.refused),
        ].map { name, help, count in
            MetricFamily(name, .counter, help) {
                zip(interfaces, links).map { MetricSample($1[keyPath: count], ("interface", $0)) }
            }
        }
    }

    private static func kinds(of flows: ForwardingSnapshot.Flows, _ label: MetricSample.Label...) -> [MetricSample] {
        [
            ("half-open", flows.halfOpen), ("established", flows.established), ("closing", flows.closing),
            ("datagrams", flows.datagrams),
        ].map { MetricSample($1, label + [("state", $0)]) }
    }
}
