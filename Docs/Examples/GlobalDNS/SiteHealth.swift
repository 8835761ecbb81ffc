import Foundation
import LoadBalancing
import Synchronization

#if canImport(FoundationNetworking)
    import FoundationNetworking
#endif

/// Which sites work: the balancer's health checks, and the monitor that does not go back to a site too early.
final class SiteHealth: Sendable {
    /// The sites are its backends; their addresses are asked.
    private let balancer: LoadBalancer<String>
    private let monitor = Mutex(SiteMonitor(SiteMonitorRules(threshold: 1, failBackHold: .seconds(2))))
    private let time = TimeSource.system
    private let session: URLSession
    private let probe: World.Probe

    init(_ world: World) throws(BackendSetError) {
        let checks = HealthChecks(
            interval: .milliseconds(500), fastInterval: .milliseconds(200), timeout: .seconds(2), rise: 2, fall: 2)
        balancer = try LoadBalancer(
            policy: .random, backends: Self.backends(world), resilience: Resilience(healthChecks: checks))
        let settings = URLSessionConfiguration.ephemeral
        settings.timeoutIntervalForRequest = 5
        session = URLSession(configuration: settings)
        probe = world.probe
    }

    private static func backends(_ world: World) -> [Backend<String>] {
        world.sites.map { Backend(id: $0.name, endpoint: $0.address) }
    }

    /// Takes in another set of sites.
    func update(_ world: World) throws(BackendSetError) {
        try balancer.update(Self.backends(world))
    }

    /// Asks the sites until the task is cancelled.
    func run() async {
        async let checking: Void = balancer.runHealthChecks { [session, probe] address in
            let host = address.contains(":") ? "[\(address)]" : address
            guard let url = URL(string: "http://\(host):\(probe.port)\(probe.path)") else {
                return .unhealthy("no URL")
            }
            let (_, response) = try await session.answer(to: URLRequest(url: url))
            return (response as? HTTPURLResponse)?.statusCode == 200 ? .healthy : .unhealthy()
        }
        // This program is one observer; others could report what they see from elsewhere.
        while (try? await Task.sleep(for: .milliseconds(100))) != nil {
            for site in balancer.snapshot().backends {
                guard let status = site.health.status else { continue }
                monitor.withLock { $0.report(site.id, by: "here", isUp: status != .unhealthy, at: time.now()) }
            }
        }
        await checking
    }

    /// The sites, with what is known of them now.
    func judged(_ sites: [Site]) -> [Site] {
        monitor.withLock { $0.judged(sites, at: time.now()) }
    }
}
