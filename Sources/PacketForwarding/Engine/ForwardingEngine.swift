public import LoadBalancing
import Synchronization

/// Forwards the packets of one worker: frames in, frames out, and no input or output of its own.
///
/// Workers share nothing on the way of a packet. Each has an engine, whose flows are those of its share of the clients;
/// what all of them are told comes from one ``ForwardingControl``.
///
/// An engine has one owner at a time and allocates nothing for a packet, except where a router tells the MTU of a path.
public struct ForwardingEngine: ~Copyable {
    let control: ForwardingControl
    /// Which of the workers this is.
    public let worker: WorkerNumber
    var plan: ForwardingPlan
    /// Those of the plan: read for every packet, without counting references.
    var tables: ForwardingTables
    var table: FlowTable
    var fragments: FragmentTable
    var schedulers: [FlowScheduler] = []
    var paths = PathMTUs()
    var answers: TokenBucket
    var failures = FailedBackends()
    /// Where clients went, for services that send them there again; `nil` as long as there is no such service.
    var persistent: PersistenceTable?
    /// What is known of the frames that come next.
    let arrivals = ArrivalMemory()
    /// Whether the usual packets go the short way; tests compare it with the long one.
    var takesShortcuts = true
    /// What happened so far; see ``statistics``.
    let counters: EngineCounters
    /// Whose the packet is that is on its way.
    var course = PacketCourse()
    private let capacity: EngineCapacity
    /// The version that control had published when it was last looked at.
    private(set) var seenVersion: UInt64 = 0
    /// The groups of source ports that the table knows.
    private var sourceGroups: [ForwardingPlan.SourceGroupPlan] = []
    /// What control knows of the engine.
    private let presence: EnginePresence

    /// An engine with an empty flow table in memory of its own.
    ///
    /// - Parameters:
    ///   - control: where it gets its configuration, and changes of it.
    ///   - capacity: how large it may grow.
    ///   - worker: which of the workers it is; see ``WorkerSpread``.
    ///   - secret: the key of the flow table's hash, unknown to those who send packets; a random one unless you say otherwise.
    ///   - now: the present, by a clock that never runs back.
    public init(
        _ control: ForwardingControl, capacity: EngineCapacity = EngineCapacity(),
        worker: WorkerNumber = WorkerNumber(),
        secret: SipKey = SipKey(.random(in: .min ... .max), .random(in: .min ... .max)), now: Timestamp
    ) {
        let (plan, presence) = control.enter()
        let capacity = capacity.settled(for: plan)
        let table = FlowTable(
            capacity.shape(for: plan), identity: plan.identity(of: worker), secret: secret, now: FlowTime(now))
        self.init(control, plan, presence, capacity, worker, table, now)
    }

    /// An engine around a table.
    init(
        _ control: ForwardingControl, _ plan: ForwardingPlan, _ presence: EnginePresence, _ capacity: EngineCapacity,
        _ worker: WorkerNumber, _ table: consuming FlowTable, _ now: Timestamp, isConfigured: Bool = false
    ) {
        self.presence = presence
        self.control = control
        self.capacity = capacity
        self.worker = worker
        self.plan = plan
        tables = plan.tables
        fragments = FragmentTable(datagrams: capacity.fragments, secret: table.secret)
        self.table = table
        answers = TokenBucket(rate: plan.limits.answersPerSecond, burst: plan.limits.answersPerSecond, now: now)
        counters = EngineCounters(services: capacity.services, backends: capacity.backends)
        // Groups that are in use stay what they are.
        if isConfigured { sourceGroups = plan.sourceGroups }
        adopt(plan)
    }

    /// Handles one frame: changes it in place, and says what is to be done with it.
    ///
    /// - Parameters:
    ///   - frame: the frame, whose metadata name the interface it came in on by its position in the configuration.
    ///   - now: the present.
    ///   - pieces: where the pieces go of a packet that does not fit in one; see ``Verdict/sendPieces``.
    ///   - pool: where the memory of pieces comes from.
    /// - Returns: what became of the frame.
    /// - Complexity: O(1); expected two cache lines of the flow table.
    public mutating func process(
        _ frame: inout Frame, at now: Timestamp, pieces: inout FrameBatch, pool: inout FramePool
    ) -> Verdict {
        refresh()
        let byteCount = frame.byteCount
        var pass = Passage(now: now, time: FlowTime(now))
        let arrival = arrivals[0]
        look(at: frame, &arrival.value)
        arrival.value.candidate = table.candidate(arrival.value.hash)
        if takesShortcuts, continueFlow(&frame, arrival, now: pass.time) {
            counters.noteSent(1, byteCount: byteCount)
            return .send
        }
        return handleRare(&frame, arrival, &pass, &pieces, &pool)
    }

    /// Does what no packet asks for: ends flows and fragments whose time has come, a few at a time.
    ///
    /// It makes no frames; ``poll(at:budget:frames:pool:)`` does this and what needs some.
    /// To be called often: with every batch of packets, and when none come.
    ///
    /// - Parameters:
    ///   - now: the present.
    ///   - budget: the most flows to look at.
    /// - Returns: whether all is done that was to be done by now.
    @discardableResult
    public mutating func poll(at now: Timestamp, budget: Int = 64) -> Bool {
        refresh()
        let time = FlowTime(now)
        fragments.expire(now: time, budget: budget)
        paths.expire(now: time)
        expirePersistence(now: time, budget: budget)
        return table.expire(now: time, budget: budget)
    }

    /// Takes notice of what control has published since the last time.
    @inline(__always)
    mutating func refresh() {
        if control.version.load(ordering: .acquiring) != seenVersion { adopt(control.plan) }
    }

    /// Whether the configuration in force has more services or backends than the engine's ``EngineCapacity`` has room for:
    /// the engine then goes on with the one before, until there is another.
    ///
    /// ``ForwardingControl/update(_:)`` refuses what an engine that there is has no room for; so this is only of one that was
    /// made at the same moment.
    public var isOutgrown: Bool { seenVersion != plan.version }

    /// The plan that the next packet goes by.
    var nextPlan: ForwardingPlan {
        let next = control.plan
        return hasRoom(for: next) ? next : plan
    }

    private func hasRoom(for plan: ForwardingPlan) -> Bool {
        plan.services.count <= capacity.services && plan.backends.count <= capacity.backends
            && plan.sourceGroups.count <= table.shape.sources?.groups ?? 0
    }

    /// Goes on with another plan, if there is room for it.
    private mutating func adopt(_ plan: ForwardingPlan) {
        seenVersion = plan.version
        guard hasRoom(for: plan) else { return }
        let handovers = plan.handovers(since: self.plan)
        if !handovers.backends.isEmpty || !handovers.services.isEmpty {
            forget(backends: handovers.backends, services: handovers.services)
        }
        self.plan = plan
        tables = plan.tables
        table.limits = FlowLimits(plan.limits)
        plan.configure(&table, for: worker, besides: sourceGroups)
        sourceGroups = plan.sourceGroups
        table.header.identity = plan.identity(of: worker)
        answers.set(rate: plan.limits.answersPerSecond, burst: plan.limits.answersPerSecond)
        for service in plan.services {
            let number = Int(service.number)
            if number == schedulers.count {
                schedulers.append(FlowScheduler(service.scheduler, seed: plan.fleetSeed))
            } else if schedulers[number].name != service.scheduler || handovers.services.contains(service.number) {
                schedulers[number] = FlowScheduler(service.scheduler, seed: plan.fleetSeed)
            }
            schedulers[number].update(service, in: plan)
        }
        if persistent == nil, plan.services.contains(where: { $0.persistence != nil }) {
            persistent = PersistenceTable(prefixes: max(capacity.persistentPrefixes, 1), secret: table.secret)
        }
        let readsLoads = schedulers.contains { $0.readsLoads }
        // To be told so anew has it forget what schedulers have yet to hear of.
        if table.loadChanges.areWatched != readsLoads { table.loadChanges.areWatched = readsLoads }
        presence.say(EnginePresence.Report(capacity, plan, table))
    }

    /// Forgets what is known of backends and services, besides flows, which they have none of: others get their numbers.
    private mutating func forget(backends: Set<UInt32>, services: Set<UInt16>) {
        for backend in backends {
            table.backends.counter(backend).clear()
            counters.backends.clear(backend)
        }
        for service in services {
            table.services.counter(service).clear()
            counters.clear(service: service)
        }
        failures.forget(backends)
        fragments.forget { backends.contains($0) }
        persistent?.forget { backends.contains($0) }
    }
}

extension ForwardingPlan {
    /// Tells a table, which has room for them, who services, backends and sources are.
    ///
    /// - Parameters:
    ///   - table: the table.
    ///   - worker: whose table it is; of full NAT's source addresses it gets the worker's share.
    ///   - known: the groups of sources that it was told of before, which may be in use.
    func configure(_ table: inout FlowTable, for worker: WorkerNumber, besides known: [SourceGroupPlan] = []) {
        for service in services {
            table.configure(service: service.number, service.timeouts, limits: service.limits)
        }
        table.sources?.setLists(listedSources)
        table.sources?.rest = limits.sourcePortRest > 0 ? FlowTimeout(.seconds(limits.sourcePortRest)) : .none
        for (place, source) in sourceGroups.enumerated() where place >= known.count || known[place] != source {
            let group = UInt32(truncatingIfNeeded: place)
            if place < known.count { table.sources?.remove(group: group) }
            guard let range = source.range.share(of: worker) else { continue }
            table.sources?.configure(group: group, range, endpoint: source.endpoint, transport: source.transport)
        }
        for (number, backend) in backends.enumerated() {
            table.configure(
                backend: UInt32(truncatingIfNeeded: number), endpoint: backend.endpointNumber,
                ports: groupsOfBackends[number])
        }
    }
}

/// How large an engine may grow: its memory is taken at once.
public struct EngineCapacity: Hashable, Sendable {
    /// The most services that it knows at a time, those that were removed and still have flows included.
    public var services: Int
    /// The most backends that it knows at a time, those that were removed and still have flows included, each once for each of
    /// its services.
    public var backends: Int
    /// The most datagrams of which fragments are on their way at a time.
    public var fragments: Int
    /// Full NAT: the most sets of source ports that it knows at a time, those of removed backends with flows included; each
    /// backend's address and port has one.
    ///
    /// `nil` for 1,024 if a service is of that mode when the engine is made, and for none, which takes no memory, if none is:
    /// then ``ForwardingControl/update(_:)`` refuses such a service later.
    public var sourceGroups: Int?
    /// Services with persistence: the most prefixes of clients that are remembered at a time.
    public var persistentPrefixes: Int

    /// A capacity; enough for most unless you say otherwise.
    public init(
        services: Int = 256, backends: Int = 4_096, fragments: Int = 4_096, sourceGroups: Int? = nil,
        persistentPrefixes: Int = 1 << 16
    ) {
        self.services = services
        self.backends = backends
        self.fragments = fragments
        self.sourceGroups = sourceGroups
        self.persistentPrefixes = persistentPrefixes
    }

    /// The capacity for an engine that begins with a plan: at least what that has.
    func settled(for plan: ForwardingPlan) -> EngineCapacity {
        var capacity = self
        capacity.services = max(services, plan.services.count, 1)
        capacity.backends = max(backends, plan.backends.count, 1)
        let groups = sourceGroups ?? (plan.services.contains { $0.mode == .fullNAT } ? 1_024 : 0)
        capacity.sourceGroups = max(groups, plan.sourceGroups.count)
        return capacity
    }

    /// The shape of the flow table; the capacity is settled.
    func shape(for plan: ForwardingPlan) -> FlowTableShape {
        let flows = plan.limits.flows
        let groups = sourceGroups ?? 0
        return FlowTableShape(
            flows: flows, services: services, backends: backends,
            sources: groups > 0
                ? SourcePortShape(
                    groups: groups, pages: max(4 * groups, flows / 20), rests: max(4 * groups, flows / 32)) : nil)
    }
}

/// A packet's way through the engine: what is known of it besides its bytes.
struct Passage {
    let now: Timestamp
    let time: FlowTime

    init(now: Timestamp, time: FlowTime) {
        self.now = now
        self.time = time
    }
}
