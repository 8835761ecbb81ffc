import LoadBalancing

/// Where the hashes of a service's flows go: a table of its backends, never changed and shared by all workers.
///
/// It has the backends in the order of the configuration, whatever control says of them: those that may not be chosen are
/// passed over, so their flows spread over the others and nobody else's move.
struct ServiceTable: Sendable {
    private let kind: ServiceTableKind
    private let backends: [WeightedName]
    /// The table, if it is Maglev's, as nearly all are: asked in place, without counting references.
    private let maglev: MaglevTable?
    /// The table, if it is another one.
    private let other: (any ConsistentHash)?

    /// The table of a service: the one from before, if it would be the same.
    init(_ service: ServiceConfiguration, replacing old: ServiceTable?) {
        let (kind, backends) = (ServiceTableKind(service), service.weightedNames)
        if let old, old.kind == kind, old.backends == backends {
            self = old
            return
        }
        let made = kind.policy.table(of: backends, replacing: old?.maglev ?? old?.other)
        self.kind = kind
        self.backends = backends
        maglev = made as? MaglevTable
        other = maglev == nil ? made : nil
    }

    /// The first backend in the hash's order that `accepts` takes, by its place in the service; `nil` if it takes none.
    @inline(__always)
    func backend(for hash: UInt64, where accepts: (Int) -> Bool) -> Int? {
        other == nil ? maglev?.backend(for: hash, where: accepts) : backendOfOther(for: hash, where: accepts)
    }

    @inline(never)
    private func backendOfOther(for hash: UInt64, where accepts: (Int) -> Bool) -> Int? {
        other?.backend(for: hash, where: accepts)
    }

    /// The row that the hash gives; `nil` where tables have no rows, or nobody has one.
    func row(for hash: UInt64) -> Int? { maglev?.slot(for: hash) }
}

/// How the table of a service is made.
enum ServiceTableKind: Hashable, Sendable {
    case maglev(size: Int?)
    case other(PolicyName)

    init(_ service: ServiceConfiguration) {
        switch service.scheduler {
        case .policy(let name) where name.isKeyed && name != .maglev: self = .other(name)
        // Schedulers that go by no hash have one for packets without a flow.
        case .maglev, .sourceHash, .policy: self = .maglev(size: service.tableSize)
        }
    }

    /// The policy that makes the table.
    var policy: any ConsistentHashPolicy {
        switch self {
        case .maglev(let size): MaglevPolicy(dialect: .standard(size: size))
        case .other(let name): name.policy.base as? any ConsistentHashPolicy ?? MaglevPolicy()
        }
    }
}

extension ServiceConfiguration {
    /// The backends as tables know them.
    var weightedNames: [WeightedName] {
        backends.map { WeightedName("\($0.name) \($0.address) \($0.port)", weight: $0.weight) }
    }
}

extension ConsistentHashPolicy {
    fileprivate func table(of backends: [WeightedName], replacing old: (any ConsistentHash)?) -> any ConsistentHash {
        makeTable(for: backends, replacing: old as? Table)
    }
}
