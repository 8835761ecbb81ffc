import LoadBalancing

/// The second act: what the balancer does about a server that fails, comes back, and is restarted, whatever the policy.
///
/// The policy is round robin, which by itself looks at nothing.
struct BadDay {
    /// Who answers every request with an error for a while: "b".
    static let failing = 1
    /// Who is drained, as before a restart: "e".
    static let draining = 4
    /// Requests are counted over so long.
    static let interval = Duration.milliseconds(500)

    static let failureBegins = Duration.seconds(1)
    static let failureEnds = Duration.milliseconds(1_600)
    static let drainBegins = Duration.milliseconds(5_000)
    static let drainEnds = Duration.milliseconds(6_000)
    static let duration = Duration.milliseconds(7_000)

    /// As recommended, with shorter times: nobody wants to watch for half a minute.
    static var resilience: Resilience {
        Resilience(
            slowStart: SlowStart(window: .seconds(2)),
            outliers: OutlierDetection(
                interval: .milliseconds(100), baseEjectionTime: .seconds(1), largestEjectedShare: 0.2))
    }

    let load: Load

    init(rate: Double) {
        load = Load(requestCount: Int(rate * (Self.duration / .seconds(1))), rate: rate, seed: 2)
    }

    /// Lets it all happen.
    ///
    /// - Parameter tell: called with what happens, as it happens.
    /// - Returns: what became of the requests, and all that was told.
    /// - Throws: ``SocketError`` or ``ThreadError`` if it cannot be run.
    func run(tell: @escaping @Sendable (DiaryEntry) -> Void) async throws -> BadDayResult {
        let servers = try Round.plans.enumerated().map { position, plan in
            try HTTPServer(plan, seed: UInt64(position))
        }
        defer { for server in servers { server.kill() } }
        let backends = servers.enumerated().map { position, server in
            Backend(
                id: server.plan.name,
                endpoint: HTTPClient(position: position, port: server.port, timeout: Round.timeout))
        }
        let balancer = try LoadBalancer(policy: .roundRobin, backends: backends, resilience: Self.resilience)
        let events = balancer.events()
        let progress = Progress()
        let start = ContinuousClock.now + .milliseconds(50)
        let diary = Diary(from: start, tell: tell)
        let clients = try Clients(load, through: balancer, from: start, progress: progress)
        try await withThrowingTaskGroup { group in
            group.addTask { await balancer.run() }
            group.addTask { for await event in events { diary.note(event.kind.words, isEvent: true) } }
            try await script(servers, balancer, from: start, diary)
            while !progress.isOver { try await Task.sleep(for: .milliseconds(20)) }
            group.cancelAll()
        }
        return BadDayResult(entries: diary.entries, samples: clients.finish())
    }

    /// What is done to the servers, and to the balancer.
    private func script(
        _ servers: [HTTPServer], _ balancer: LoadBalancer<HTTPClient>, from start: ContinuousClock.Instant,
        _ diary: Diary
    ) async throws {
        let (failing, draining) = (servers[Self.failing], servers[Self.draining].plan.name)
        try await Task.sleep(until: start + Self.failureBegins)
        failing.isFailing = true
        diary.note("\(failing.plan.name) answers every request with status 503 from now on")
        try await Task.sleep(until: start + Self.failureEnds)
        failing.isFailing = false
        diary.note("\(failing.plan.name) is well again, and nobody has told the balancer")

        try await Task.sleep(until: start + Self.drainBegins)
        let inFlight = balancer.snapshot().backends[Self.draining].inFlight
        diary.note("\(draining) is to be restarted: drain it, with \(inFlight) requests in flight")
        let report = await balancer.drain(draining, within: .seconds(1))
        if let report, report.isComplete { diary.note("\(draining) has nothing in flight: now is the time") }
        try await Task.sleep(until: start + Self.drainEnds)
        balancer.resume(draining)
        diary.note("\(draining) is back")
    }
}

extension BalancerEvent.Kind {
    /// The event in words.
    fileprivate var words: String {
        switch self {
        case .updated(let version, let added, let removed):
            "set \(version) is in force: \(added.count) added, \(removed.count) removed"
        case .ejected(let id, let reason, let time): "\(id) is ejected for \(time / .seconds(1)) s: \(reason.words)"
        case .returned(let id): "\(id) is no longer ejected, and starts slowly"
        case .healthChanged(let id, _, let status): "\(id) is \(status)"
        case .panicBegan(let healthy, let count): "panic: \(healthy) of \(count) are healthy"
        case .panicEnded(let healthy, let count): "no more panic: \(healthy) of \(count) are healthy"
        case .drained(let id, let inFlight): "\(id) is drained, \(inFlight) left in flight"
        case .shutDown(let inFlight): "shut down, \(inFlight) left in flight"
        }
    }
}

extension EjectionReason {
    /// The reason in words.
    fileprivate var words: String {
        switch self {
        case .consecutiveFailures: "failures in a row"
        case .successRate: "it succeeds less often than the others"
        case .failurePercentage: "too many failures"
        case .latency: "it is far slower than the others"
        }
    }
}
