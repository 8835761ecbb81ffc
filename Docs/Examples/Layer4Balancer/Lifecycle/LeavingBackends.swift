import LoadBalancing
import PacketForwarding

/// Backends and services that are no longer in the file and still have flows: they stay, without new ones, until those end or
/// their time is over.
struct LeavingBackends: Sendable {
    private struct Leaver {
        let service: ServiceConfiguration
        let backend: BackendConfiguration
        let deadline: Timestamp
    }

    private var leavers: [Leaver] = []

    /// Whether nobody is leaving.
    var isEmpty: Bool { leavers.isEmpty }

    /// Takes note of those that are in one configuration and not in the next.
    mutating func add(from old: [ServiceConfiguration], to new: [ServiceConfiguration], until deadline: Timestamp) {
        for service in old {
            let next = new.first { $0.name == service.name }
            for backend in service.backends
            where !(next?.backends.contains { $0.name == backend.name && $0.isAt(backend) } ?? false) {
                leavers.append(Leaver(service: service, backend: backend, deadline: deadline))
            }
        }
    }

    /// Forgets those who have no flows left, or no time.
    mutating func removeThose(without flows: ForwardingSnapshot, at now: Timestamp) {
        leavers.removeAll { leaver in
            let counted = flows.services.first { $0.name == leaver.service.name }?.backends
                .first { $0.name == leaver.backend.name && $0.endpoint == leaver.backend.endpoint }
            return now >= leaver.deadline || (counted?.flows.open ?? 0) == 0
        }
    }

    /// The services together with those who leave, and who these are; whoever is in the way of somebody who stays is left out.
    ///
    /// Nobody asks for the address of a service that leaves any more: its flows go on for as long as their clients know the way.
    func joining(
        _ services: [ServiceConfiguration]
    ) -> (services: [ServiceConfiguration], leaving: [String: Set<String>]) {
        var services = services
        var leaving: [String: Set<String>] = [:]
        for leaver in leavers {
            var backend = leaver.backend
            backend.weight = 0
            if let index = services.firstIndex(where: { $0.name == leaver.service.name }) {
                let isInTheWay = services[index].backends.contains { $0.name == backend.name || $0.isAt(backend) }
                guard !isInTheWay, services[index].mode == leaver.service.mode else { continue }
                services[index].backends.append(backend)
            } else {
                let isInTheWay = services.contains {
                    ($0.transport, $0.address, $0.port)
                        == (leaver.service.transport, leaver.service.address, leaver.service.port)
                }
                guard !isInTheWay else { continue }
                var service = leaver.service
                service.backends = [backend]
                service.announce = []
                services.append(service)
            }
            leaving[leaver.service.name, default: []].insert(backend.name)
        }
        return (services, leaving)
    }
}

extension BackendConfiguration {
    var endpoint: Endpoint { Endpoint(address, port) }

    fileprivate func isAt(_ other: BackendConfiguration) -> Bool { endpoint == other.endpoint }
}

extension ForwardingSnapshot.Flows {
    /// Flows that somebody may still use.
    var open: Int { halfOpen + established + datagrams }
}
