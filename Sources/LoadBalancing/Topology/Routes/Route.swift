/// Which requests go to which pools.
///
/// A pool is whatever the caller sends work to: a name, or a ``LoadBalancer`` itself.
public struct Route<Pool: Sendable>: Sendable {
    /// The name: in explanations, and where nothing else decides between two routes, the order.
    public var name: String
    /// The hosts; none means any.
    public var hosts: [HostPattern]
    /// What a request has to be like: one of these.
    ///
    /// None means anything.
    public var matches: [RouteMatch]
    /// Where the requests go.
    public var split: TrafficSplit<Pool>
    /// Who gets a copy of them.
    public var mirrors: [Mirror<Pool>]
    /// When the route was made, in a unit of the caller's; of two that match alike the older takes precedence.
    public var creationTime: UInt64

    /// Creates a route.
    public init(
        _ name: String, hosts: [HostPattern] = [], matches: [RouteMatch] = [], split: TrafficSplit<Pool>,
        mirrors: [Mirror<Pool>] = [], creationTime: UInt64 = 0
    ) {
        self.name = name
        self.hosts = hosts
        self.matches = matches
        self.split = split
        self.mirrors = mirrors
        self.creationTime = creationTime
    }

    /// Creates a route to one pool.
    public init(_ name: String, hosts: [HostPattern] = [], matches: [RouteMatch] = [], to pool: Pool) {
        self.init(name, hosts: hosts, matches: matches, split: TrafficSplit(pool))
    }
}

/// How requests are split between pools: a canary gets 5 of 100.
public struct TrafficSplit<Pool: Sendable>: Sendable {
    /// A pool, by the name that stands for it when keys are spread, with its weight.
    public struct Part: Sendable {
        /// The name.
        public var name: String
        /// The pool.
        public var pool: Pool
        /// Its share relative to the others'; 0 or less gets nothing.
        public var weight: Int

        /// Creates a part.
        public init(_ name: String, pool: Pool, weight: Int) {
            self.name = name
            self.pool = pool
            self.weight = weight
        }
    }

    /// The pools.
    public let parts: [Part]
    private let seeds: [UInt64]
    private let total: UInt64

    /// Splits between pools by weight.
    public init(_ parts: [Part]) {
        self.parts = parts
        var named: [String: UInt64] = [:]
        seeds = parts.map { part in
            // Several of one name would come first for the same keys, and the heaviest of them for all.
            defer { named[part.name, default: 0] += 1 }
            return XXH64.hash(part.name, seed: named[part.name] ?? 0)
        }
        total = parts.reduce(0) { $0 + UInt64(clamping: min($1.weight, BackendSetError.maximumWeight)) }
    }

    /// Everything to one pool.
    public init(_ pool: Pool) {
        self.init([Part("", pool: pool, weight: 1)])
    }

    /// The pool of a key: the same as long as the weights are, and where they change only as many keys move as have to.
    ///
    /// - Parameter keyHash: a well mixed hash, of a session or a user.
    /// - Returns: `nil` if no pool has a weight.
    public func pool(for keyHash: UInt64) -> Pool? {
        if parts.count == 1 { return total > 0 ? parts[0].pool : nil }
        var best: (arrival: Double, index: Int)?
        for (index, seed) in seeds.enumerated() {
            let weight = Double(max(parts[index].weight, 0))
            let arrival = WeightedRendezvous.arrival(of: keyHash, seed: seed, weight: weight)
            if arrival < best?.arrival ?? .infinity { best = (arrival, index) }
        }
        return best.map { parts[$0.index].pool }
    }

    /// A pool at random.
    ///
    /// - Returns: `nil` if no pool has a weight.
    public func pool(using generator: inout SeededGenerator) -> Pool? {
        guard total > 0 else { return nil }
        var rest = generator.next(below: total)
        for part in parts {
            let weight = UInt64(clamping: min(part.weight, BackendSetError.maximumWeight))
            if rest < weight { return part.pool }
            rest -= weight
        }
        return nil
    }
}

/// A pool that gets a copy of requests, whose answers nobody waits for.
public struct Mirror<Pool: Sendable>: Sendable {
    /// The pool.
    public var pool: Pool
    /// The part of the requests that is copied, from 0 to 1.
    public var fraction: Double

    /// Creates a mirror.
    public init(_ pool: Pool, fraction: Double = 1) {
        self.pool = pool
        self.fraction = fraction
    }

    /// Whether the request of a key, or of a random number, is copied: of each key always or never.
    public func copies(_ keyHash: UInt64) -> Bool {
        // Another hash than the split's, so that a mirror does not see one side of a split only.
        Double(Mixing.mix(keyHash ^ 0x4D49_5252_4F52_0001) >> 11) * 0x1p-53 < fraction
    }
}
