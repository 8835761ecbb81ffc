public import LoadBalancing

/// Flows in memory that outlives the engine: a process that takes it over goes on with them.
extension ForwardingEngine {
    /// Bytes of memory that the flow table of an engine takes, with the configuration in force.
    public static func flowByteCount(_ control: ForwardingControl, capacity: EngineCapacity) -> Int {
        let plan = control.plan
        return capacity.settled(for: plan).shape(for: plan).byteCount
    }

    /// An engine with an empty flow table in memory that is lent to it, whatever that holds.
    ///
    /// - Parameters:
    ///   - memory: memory that outlives the engine, belongs to nobody else meanwhile, and has been written before (the
    ///     kernel's is, by 0), such as a mapped memfd. It holds the secret from now on.
    ///   - control: where the engine gets its configuration, and changes of it.
    ///   - capacity: how large it may grow.
    ///   - worker: which of the workers it is.
    ///   - secret: the key of the flow table's hash, unknown to those who send packets; a random one unless you say otherwise.
    ///   - now: the present, by a clock that goes on when the process ends.
    /// - Throws: ``FlowTableError`` if the memory is too small.
    @unsafe
    public init(
        formatting memory: UnsafeMutableRawBufferPointer, _ control: ForwardingControl,
        capacity: EngineCapacity = EngineCapacity(), worker: WorkerNumber = WorkerNumber(),
        secret: SipKey = SipKey(.random(in: .min ... .max), .random(in: .min ... .max)), now: Timestamp
    ) throws(FlowTableError) {
        let (plan, presence) = control.enter()
        let capacity = capacity.settled(for: plan)
        let table = try unsafe FlowTable(
            formatting: memory, capacity.shape(for: plan), identity: plan.identity(of: worker), secret: secret,
            now: FlowTime(now))
        self.init(control, plan, presence, capacity, worker, table, now)
    }

    /// An engine that goes on with the flows that another one left in lent memory, be it that it died while it wrote.
    ///
    /// Capacity, limits, workers, and whoever the numbers in flows stand for must be what they were: after changes of services
    /// and backends, those that ``ForwardingControl/members(with:)`` names. What may differ is states, weights and settings.
    /// Established flows keep their backends. What is lost is statistics, fragments on their way, and how long source ports have
    /// rested.
    ///
    /// - Parameters:
    ///   - memory: memory that outlives the engine and belongs to nobody else meanwhile.
    ///   - control: where the engine gets its configuration, and changes of it.
    ///   - capacity: how large it may grow.
    ///   - worker: which of the workers it is: another number of workers would send flows to others.
    ///   - now: the present, by the clock of the engine before.
    /// - Complexity: O(n log n) for n flows.
    /// - Throws: ``FlowTableError`` if the memory holds no such table; begin an empty one then, for all workers.
    @unsafe
    public init(
        attachingTo memory: UnsafeMutableRawBufferPointer, _ control: ForwardingControl,
        capacity: EngineCapacity = EngineCapacity(), worker: WorkerNumber = WorkerNumber(), now: Timestamp
    ) throws(FlowTableError) {
        let (plan, presence) = control.enter()
        let capacity = capacity.settled(for: plan)
        let table = try unsafe FlowTable(
            attachingTo: memory, capacity.shape(for: plan), identity: plan.identity(of: worker), now: FlowTime(now),
            configure: { plan.configure(&$0, for: worker) }, isKnown: { plan.knows($0, $1) })
        self.init(control, plan, presence, capacity, worker, table, now, isConfigured: true)
    }
}

extension ForwardingPlan {
    /// Whose flows a worker's table holds, and what the numbers in them stand for.
    func identity(of worker: WorkerNumber) -> FlowTableIdentity {
        FlowTableIdentity(
            worker: UInt32(truncatingIfNeeded: worker.index), workerCount: UInt32(truncatingIfNeeded: worker.count),
            configuration: memberDigest)
    }

    /// Whether a flow between these ends could stand so.
    fileprivate func knows(_ ends: FlowEnds, _ standing: FlowStanding) -> Bool {
        guard Int(ends.backend) < backends.count, backends[Int(ends.backend)].service == ends.service else {
            return false
        }
        let service = services[Int(ends.service)]
        return standing.mode == service.flowMode && standing.state.transport == service.transport
            && (standing.mode != .fullNAT || Int(standing.source.address) < sourceAddresses.count)
    }

    /// A digest of who the services, backends and source addresses are, in the order of their numbers.
    static func memberDigest(_ services: [ServicePlan], _ backends: [BackendPlan], _ sources: [IPAddress]) -> UInt64 {
        var digest = MemberDigest()
        for service in services {
            digest.add(XXH64.hash(service.name))
            digest.add(service.address.address)
            digest.add(UInt64(service.address.bitCount) | UInt64(service.port ?? 0) << 16)
            digest.add(UInt64(service.transport.rawValue) | UInt64(service.flowMode.rawValue) << 8)
        }
        for backend in backends {
            digest.add(XXH64.hash(backend.name))
            digest.add(backend.endpoint.address)
            digest.add(UInt64(backend.endpoint.port) | UInt64(backend.service) << 16)
        }
        for source in sources { digest.add(source) }
        return digest.value
    }
}

/// A digest of numbers in their order.
private struct MemberDigest {
    private(set) var value: UInt64 = 0

    mutating func add(_ number: UInt64) {
        value = XXH64.hash(number, seed: value)
    }

    mutating func add(_ address: IPAddress) {
        add(address.high)
        add(address.low)
        add(UInt64(address.version.rawValue))
    }
}
