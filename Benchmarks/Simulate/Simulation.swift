import LoadBalancing

/// One run: a set-up, somebody who sends the requests, and a seed.
struct Simulation<Sender: Router & ~Copyable>: ~Copyable {
    private struct Job {
        /// When it came to its balancer, and to its server.
        var start: UInt64 = 0
        var sent: UInt64 = 0
        var balancer = 0
        var work = 0.0
        var isMeasured = false
        var fails = false
        var server = 0
        /// What the server had when it came.
        var found = 0
        /// Nanoseconds that the server works on it.
        var service = 0.0
    }

    /// How long a server takes to answer with an error.
    private static var failureNanoseconds: UInt64 { 100_000 }

    private let setup: Setup
    private var router: Sender
    private var stream: RequestStream
    private var recorder: Recorder
    private var events = EventQueue()
    private var servers: [any SimulatedServer]
    private var members: Int
    private var jobs: [Job] = []
    private var freeJobs: [Int] = []
    private var probes: [SimulatedProbes.Probe] = []
    private var freeProbes: [Int] = []
    private var books: [LatencyBook]
    /// Requests of a closed loop that are yet to come.
    private var requestsLeft = 0
    private var end: UInt64 = 0

    init(_ setup: Setup, router: consuming Sender, seed: UInt64) {
        self.setup = setup
        self.router = router
        stream = RequestStream(of: setup, seed: seed)
        recorder = Recorder(of: setup)
        servers = setup.speeds.enumerated().map { number, speed in
            switch setup.discipline {
            case .firstCome: QueueServer(number: number, slots: setup.slots, speed: speed)
            case .sharing: SharingServer(number: number, slots: setup.slots, speed: speed)
            }
        }
        books = setup.speeds.map { _ in LatencyBook() }
        members = setup.initialServers
    }

    /// Lets all requests come and all answers go.
    consuming func run() -> Run {
        for (number, change) in setup.changes.enumerated() {
            events.plan(Event(at: change.time, .change, subject: number))
        }
        if case .closed(_, let requests) = setup.arrivals { requestsLeft = requests }
        beginRounds()
        if case .closed(let outstanding, _) = setup.arrivals {
            for _ in 0..<outstanding { placeNext(at: 0) }
            while let event = events.next() { act(on: event) }
        } else {
            var next = stream.next()
            while next != nil || events.nextTime < .max {
                if let request = next, request.time <= events.nextTime {
                    place(request)
                    next = stream.next()
                } else if let event = events.next() {
                    act(on: event)
                }
            }
        }
        return Run(of: setup, recorder, end: end)
    }

    private mutating func placeNext(at now: UInt64) {
        guard requestsLeft > 0 else { return }
        requestsLeft -= 1
        place(stream.draw(at: now))
    }

    private mutating func place(_ request: RequestStream.Request) {
        let number = newJob()
        jobs[number] = Job(
            start: request.time, balancer: request.balancer, work: request.work,
            isMeasured: recorder.isMeasured(at: request.time))
        let route = router.route(
            number, balancer: request.balancer, at: request.time, servers: servers, members: members)
        switch route {
        case .server(let server): send(number, to: server, at: request.time)
        case .refused: refuse(number)
        case .waits: break
        }
        serve(at: request.time)
    }

    private mutating func send(_ number: Int, to server: Int, at now: UInt64) {
        let fails = servers[server].isFailing
        jobs[number].sent = now
        jobs[number].fails = fails
        jobs[number].server = server
        jobs[number].found = servers[server].inFlight
        let job = jobs[number]
        jobs[number].service = fails ? Double(Self.failureNanoseconds) : job.work / servers[server].speed
        if fails {
            servers[server].refuse(1)
            events.plan(Event(at: now + Self.failureNanoseconds, .refusal, subject: number))
        } else {
            servers[server].take(number, work: job.work, at: now, events: &events)
        }
        sendProbes(at: now)
        recorder.picked(
            server, by: job.balancer, inFlight: servers[server].inFlight, at: now, isMeasured: job.isMeasured)
    }

    private mutating func refuse(_ number: Int) {
        recorder.refused(at: jobs[number].start, isMeasured: jobs[number].isMeasured)
        freeJobs.append(number)
    }

    /// Sends those on their way who have waited for room.
    private mutating func serve(at now: UInt64) {
        for (number, server) in router.takeServed(at: now) {
            if let server { send(number, to: server, at: now) } else { refuse(number) }
        }
    }

    private mutating func sendProbes(at now: UInt64) {
        for probe in router.takeProbes() {
            let number = freeProbes.popLast() ?? probes.count
            if number == probes.count { probes.append(probe) } else { probes[number] = probe }
            events.plan(Event(at: now + SimulatedProbes.nanoseconds, .probeAnswer, subject: number))
        }
    }

    private mutating func answerProbe(_ number: Int) {
        let probe = probes[number]
        freeProbes.append(number)
        let inFlight = servers[probe.server].inFlight
        let latency = Double(books[probe.server].median(inFlight: inFlight))
        probe.answer(ProbeAnswer(inFlight: inFlight, latency: .nanoseconds(Int64(latency * 1e6))))
    }

    private mutating func newJob() -> Int {
        if let free = freeJobs.popLast() { return free }
        jobs.append(Job())
        return jobs.count - 1
    }

    private mutating func act(on event: Event) {
        switch event.kind {
        case .completion, .sharedCompletion:
            if let job = servers[Int(event.subject)].complete(event, events: &events) { finish(job, at: event.time) }
        case .refusal: finish(Int(event.subject), at: event.time)
        case .probeAnswer: answerProbe(Int(event.subject))
        case .change: apply(setup.changes[Int(event.subject)])
        case .healthCheck: checkHealth(of: Int(event.subject), by: Int(event.detail), at: event.time)
        case .tick:
            router.tick(Int(event.subject), at: event.time)
            plan(Event(at: event.time + UInt64(1).seconds, .tick, subject: Int(event.subject)))
        }
        serve(at: event.time)
    }

    /// Begins what balancers do again and again, each at another time: they look after their rules once a second, and may probe.
    private mutating func beginRounds() {
        for balancer in 0..<setup.balancers {
            let start = UInt64(balancer) * UInt64(1).seconds / UInt64(setup.balancers)
            plan(Event(at: start, .tick, subject: balancer))
            for server in setup.speeds.indices where router.checksHealth {
                let start = start + UInt64(2).seconds * UInt64(server) / UInt64(setup.speeds.count)
                plan(Event(at: start, .healthCheck, subject: server, detail: balancer))
            }
        }
    }

    private mutating func checkHealth(of server: Int, by balancer: Int, at now: UInt64) {
        let report: HealthReport = servers[server].isFailing ? .unhealthy() : .healthy
        guard let delay = router.take(report, of: server, by: balancer, at: now) else { return }
        plan(Event(at: now + delay, .healthCheck, subject: server, detail: balancer))
    }

    /// Plans something that goes on for as long as requests come.
    private mutating func plan(_ event: Event) {
        let isOver = if case .closed = setup.arrivals { requestsLeft == 0 } else { event.time >= setup.duration }
        if !isOver { events.plan(event) }
    }

    private mutating func finish(_ number: Int, at now: UInt64) {
        let job = jobs[number]
        if job.fails {
            servers[job.server].refuse(-1)
        } else {
            books[job.server].note(Float(now - job.sent) / 1e6, inFlight: job.found)
        }
        router.answer(
            number, outcome: !job.fails ? .success : .failure, at: now,
            report: LoadReport(
                inFlight: servers[job.server].inFlight, serviceTime: .nanoseconds(Int64(job.service))))
        freeJobs.append(number)
        end = now
        if job.fails {
            recorder.failed(of: job.start, isMeasured: job.isMeasured)
        } else if job.isMeasured {
            recorder.answered(after: now - job.start)
        }
        placeNext(at: now)
    }

    private mutating func apply(_ change: Setup.Change) {
        switch change.kind {
        case .speed(let speed): servers[change.server].setSpeed(speed, at: change.time, events: &events)
        case .failing(let fails): servers[change.server].isFailing = fails
        case .joining:
            members = max(members, change.server + 1)
            router.join(members: members, at: change.time)
        }
    }
}

extension Contender {
    /// Runs a set-up with this contender; what is random follows from the seed.
    func run(_ setup: Setup, seed: UInt64) throws -> Run {
        // The requests' seed is the contenders' in common; what they draw themselves comes from another.
        let own = mixed(seed &+ 0x5DEE_CE66_D1CE_4E5B)
        switch kind {
        case .policy(let policy, let terms):
            let probes = SimulatedProbes()
            let router = try BalancerRouter(policy(setup, probes), terms, probes: probes, of: setup, seed: own)
            return Simulation(setup, router: router, seed: seed).run()
        case .placed(let policy, let seesZones, let resilience):
            let router = try PlacedRouter(policy, seesZones: seesZones, resilience: resilience, of: setup, seed: own)
            return Simulation(setup, router: router, seed: seed).run()
        case .bound(let bound):
            return Simulation(setup, router: OmniscientRouter(bound, seed: own), seed: seed).run()
        }
    }
}
