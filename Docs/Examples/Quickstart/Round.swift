import LoadBalancing

/// The same bad day for every policy: five servers, and half-way through one becomes slow and another dies.
struct Round {
    /// The servers, of different speeds, as servers are.
    static let plans = [
        ServerPlan(name: "a", serviceTime: .milliseconds(2)),
        ServerPlan(name: "b", serviceTime: .milliseconds(3)),
        ServerPlan(name: "c", serviceTime: .milliseconds(4)),
        ServerPlan(name: "d", serviceTime: .milliseconds(5)),
        ServerPlan(name: "e", serviceTime: .milliseconds(6)),
    ]
    /// Whose work takes 15 times as long from the onset on: "b".
    static let slow = 1
    static let slowdown = 15
    /// Who is killed at the onset: "d".
    static let dead = 3
    /// How long clients wait for an answer.
    static let timeout = Duration.milliseconds(200)

    let name: String
    let policy: AnyPolicy
    let load: Load

    /// Runs the load against servers of its own, which are gone when it returns.
    ///
    /// - Parameter show: called several times a second with how far it has come.
    /// - Returns: what became of the requests.
    /// - Throws: ``SocketError`` or ``ThreadError`` if it cannot be run.
    func run(show: (Progress) -> Void) throws -> RoundResult {
        let servers = try Self.plans.enumerated().map { position, plan in
            try HTTPServer(plan, seed: UInt64(position))
        }
        defer { for server in servers { server.kill() } }

        let backends = servers.enumerated().map { position, server in
            Backend(
                id: server.plan.name,
                endpoint: HTTPClient(position: position, port: server.port, timeout: Self.timeout))
        }
        let balancer = try LoadBalancer(policy: policy, backends: backends)

        let progress = Progress()
        let start = ContinuousClock.now + .milliseconds(50)
        let clients = try Clients(load, through: balancer, from: start, progress: progress)
        let half = start + load.duration / 2
        JoinableThread.sleep(until: start)
        while ContinuousClock.now < half {
            JoinableThread.sleep(until: min(half, .now + .milliseconds(100)))
            show(progress)
        }
        let onset = start.duration(to: .now)
        servers[Self.slow].slowDown(by: Self.slowdown)
        servers[Self.dead].kill()
        while !progress.isOver {
            JoinableThread.sleep(until: .now + .milliseconds(50))
            show(progress)
        }
        return RoundResult(policy: name, onset: onset, samples: clients.finish(), requestCount: load.due.count)
    }
}
