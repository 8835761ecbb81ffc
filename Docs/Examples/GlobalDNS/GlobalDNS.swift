import Foundation
import LoadBalancing
import Synchronization

/// Tells PowerDNS which site serves a client: `GlobalDNS WORLD.json SOCKET`.
@main
struct GlobalDNS {
    static let usage = """
        usage: GlobalDNS WORLD.json SOCKET

        Answers PowerDNS's remote backend at SOCKET, a Unix socket that is made there. The sites and names are those of
        WORLD.json, which is read again when it changes; the sites are probed. Runs until it is ended.

        exit status: 1 the file or the socket is not as it should be; 2 wrong use
        """

    static func main() async {
        let arguments = CommandLine.arguments.dropFirst()
        guard !arguments.contains("--help") else { return print(usage) }
        guard arguments.count == 2, let path = arguments.first, let socket = arguments.last else {
            complain(usage)
            exit(2)
        }
        do {
            try await serve(WorldFile(path: path), at: socket)
        } catch {
            complain("\(error)")
            exit(1)
        }
    }

    private static func serve(_ file: WorldFile, at socket: String) async throws {
        let world = try file.read()
        let shared = Shared(try Zone(world), try SiteHealth(world))
        let backend = RemoteBackend { name, network in
            let zone = shared.zone
            return zone.records(of: name, for: network, among: shared.health.judged(zone.sites))
        }
        let server = try LineServer(at: socket) { line in backend.reply(to: line) }
        server.start()
        complain("ready")
        async let probing: Void = shared.health.run()
        await file.follow(from: world) { old, new in
            let zone = try Zone(new)
            try shared.health.update(new)
            shared.zone = zone
            tellOfDrains(old, new)
        }
        await probing
    }

    /// Says of each site that is newly drained when nobody comes to it any more.
    private static func tellOfDrains(_ old: World, _ new: World) {
        let before = Set(old.sites.filter { $0.state == .draining }.map(\.name))
        let drain = SiteDrain(timeToLive: .seconds(Int(new.timeToLive)))
        for site in new.sites where site.state == .draining && !before.contains(site.name) {
            complain("\(site.name) drains: clients come for \(drain.arrival), it may be stopped after \(drain.wait)")
        }
    }

    /// What the threads that answer look at.
    private final class Shared: Sendable {
        let health: SiteHealth
        private let current: Mutex<Zone>

        init(_ zone: Zone, _ health: SiteHealth) {
            current = Mutex(zone)
            self.health = health
        }

        var zone: Zone {
            get { current.withLock { $0 } }
            set { current.withLock { $0 = newValue } }
        }
    }
}
