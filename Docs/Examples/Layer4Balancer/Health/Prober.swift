import Foundation
import LoadBalancing
import PacketForwarding

/// Probes the backends of a service.
struct Prober: Hashable, Sendable {
    private let settings: HealthSettings
    private let service: Endpoint
    private let mode: ServiceMode
    private let tunnelSource: TunnelSource

    init(_ settings: HealthSettings, of service: ServiceConfiguration, tunnelSource: TunnelSource) {
        self.settings = settings
        self.service = Endpoint(service.address.address, service.port ?? settings.port ?? 0)
        mode = service.mode
        self.tunnelSource = tunnelSource
    }

    /// Asks one backend; it takes no longer than the timeout.
    ///
    /// - Throws: ``ProbeError``, if there is no good answer.
    func report(on backend: BackendConfiguration) async throws -> HealthReport {
        try await withCheckedThrowingContinuation { answer in
            begin(on: backend) { answer.resume(with: $0) }
        }
    }

    /// Asks one backend on a thread of its own, and gives the answer there.
    ///
    /// On a queue the probes of servers that are silent would keep those of all others waiting, until these are taken to be
    /// silent, too.
    func begin(
        on backend: BackendConfiguration, _ answer: @escaping @Sendable (Result<HealthReport, any Error>) -> Void
    ) {
        Thread.detachNewThread {
            answer(Result { try ask(backend) })
        }
    }

    private func ask(_ backend: BackendConfiguration) throws(ProbeError) -> HealthReport {
        let deadline = BootTime.now.advanced(by: settings.checks.timeout)
        let endpoint = Endpoint(backend.address, settings.port ?? backend.port)
        let tunnel = TunnelProbe(
            to: Endpoint(service.address, settings.port ?? service.port), at: backend.address, mode: mode,
            tunnelSource: tunnelSource)
        switch settings.probe {
        case .tcp where settings.through == .tunnel: return try tunnel.connect(until: deadline)
        case .udp where settings.through == .tunnel:
            return try tunnel.ask(
                Array(settings.payload.utf8), expecting: Array(settings.expects.utf8), until: deadline)
        case .tcp:
            _ = try ProbeSocket(connectedTo: endpoint, until: deadline)
            return .healthy
        case .http:
            let probe = HTTPProbe(path: settings.path, host: settings.host ?? "\(endpoint)")
            return try probe.run(endpoint, until: deadline)
        case .udp:
            let socket = try ProbeSocket(endpoint.address.version, SOCK_DGRAM)
            try socket.connect(to: endpoint)
            try socket.send(Array(settings.payload.utf8))
            let answer = try socket.receive(until: deadline)
            guard answer.starts(with: settings.expects.utf8) else { throw ProbeError("another answer than expected") }
            return .healthy
        case .icmp:
            try EchoProbe.run(backend.address, until: deadline)
            return .healthy
        }
    }
}

/// Why a backend is taken to be unhealthy.
struct ProbeError: Error, Hashable, CustomStringConvertible {
    let description: String

    init(_ description: String) {
        self.description = description
    }
}
