import Foundation
import LoadBalancing

#if canImport(FoundationNetworking)
    import FoundationNetworking
#endif

/// Which servers work, by the balancer's health checks.
final class ServerHealth: Sendable {
    private let balancer: LoadBalancer<String>
    private let session: URLSession
    private let port: UInt16

    init(_ site: SiteFile) throws(BackendSetError) {
        let checks = HealthChecks(
            interval: .milliseconds(500), fastInterval: .milliseconds(200), timeout: .seconds(3), rise: 2, fall: 3)
        balancer = try LoadBalancer(
            policy: .roundRobin, backends: site.backends.map { Backend(id: $0.name, endpoint: $0.address) },
            resilience: Resilience(healthChecks: checks))
        port = site.port
        session = URLSession(configuration: .ephemeral)
    }

    /// Asks the servers until the task is cancelled.
    func run() async {
        await balancer.runHealthChecks { [session, port] address in
            let host = address.contains(":") ? "[\(address)]" : address
            guard let url = URL(string: "http://\(host):\(port)/") else { return .unhealthy("no URL") }
            let (_, response) = try await session.answer(to: URLRequest(url: url))
            return (response as? HTTPURLResponse)?.statusCode == 200 ? .healthy : .unhealthy()
        }
    }

    /// Each server, and whether it works; one that has not answered yet does not.
    var servers: [(name: String, isUp: Bool)] {
        balancer.snapshot().backends.map { server in
            (server.id, server.health.status == .healthy || server.health.status == .degraded)
        }
    }
}
