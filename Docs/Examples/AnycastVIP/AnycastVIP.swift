import Foundation
import LoadBalancing

/// One of several sites with the same address: `AnycastVIP SITE.json`, which needs CAP_NET_RAW and BIRD's socket.
@main
struct AnycastVIP {
    static let usage = """
        usage: AnycastVIP SITE.json

        Forwards packets for an address to servers, and has BIRD announce the address as long as they work. SIGTERM makes the
        site leave without a connection lost: it becomes the routers' last resort, waits, withdraws and ends.

        exit status: 0 it has left; 1 something is not as it should be; 2 wrong use
        """

    static func main() {
        let arguments = CommandLine.arguments.dropFirst()
        guard !arguments.contains("--help") else { return print(usage) }
        guard arguments.count == 1, let path = arguments.first else {
            complain(usage)
            exit(2)
        }
        do {
            #if os(Linux)
                try serve(SiteFile.read(path))
            #else
                throw SiteError(description: "packets are forwarded on Linux only")
            #endif
        } catch {
            complain("\(path): \(error)")
            exit(1)
        }
    }

    #if os(Linux)
        private static func serve(_ site: SiteFile) throws {
            let bird = BirdControl(path: site.bird.socket, best: site.bird.best, lastResort: site.bird.lastResort)
            let health = try ServerHealth(site)
            let forwarder = try Forwarder(site)
            var plan = AnnouncementPlan(
                minimumHealth: site.minimumHealth, hold: .seconds(site.holdSeconds), drain: .seconds(site.drainSeconds))
            LeaveSignal.listen()
            try forwarder.start()
            Task { await health.run() }

            let time = TimeSource.system
            var told: Announcement?
            var lastProblem = ""
            while true {
                if let failure = forwarder.failure { throw failure }
                let servers = health.servers
                plan.see(healthy: servers.count(where: \.isUp), of: servers.count, at: time.now())
                if LeaveSignal.isReceived { plan.leave(at: time.now()) }
                do throws(BirdError) {
                    // Again and again: BIRD may have been started anew.
                    try bird.tell(plan.current)
                    if told != plan.current {
                        complain("\(plan.current): \(servers.count(where: \.isUp)) of \(servers.count) servers work")
                    }
                    told = plan.current
                    lastProblem = ""
                } catch {
                    if lastProblem != error.description { complain(error.description) }
                    lastProblem = error.description
                }
                // A site that has withdrawn hands on what still comes to it.
                for server in servers { forwarder.set(server.name, isUp: server.isUp || plan.current == .withdrawn) }
                if plan.isGone, told == .withdrawn { return }
                Thread.sleep(forTimeInterval: 0.1)
            }
        }
    #endif
}

/// Writes a line to standard error.
func complain(_ text: String) {
    FileHandle.standardError.write(Data("\(text)\n".utf8))
}
