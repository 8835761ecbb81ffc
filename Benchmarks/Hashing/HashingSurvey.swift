import LoadBalancing

/// Measures look-ups and builds of rings and tables.
struct HashingSurvey {
    let backends: [Int]
    let plan: Plan
    let progress: Progress
    private let keys = KeyBytes()

    init(backends: [Int], plan: Plan, progress: Progress) {
        self.backends = backends
        self.plan = plan
        self.progress = progress
    }

    /// The size of the yardstick's table.
    static let tableSize = 65_537

    /// The rows of all constructions, equal weights.
    func rows() throws -> [HashingRow] {
        try backends.flatMap { count in
            let names = (0..<count).map { WeightedName("10.\($0 >> 16).\($0 >> 8 & 255).\($0 & 255):11211") }
            let maglev = MaglevDialect.standard(size: Self.tableSize)
            let table = try MaglevTable(names, dialect: maglev)
            let ring = try HashRing(names, dialect: .libmemcachedWeighted)
            return [
                row(.maglev, table, key: { keys.find(in: table, $0) }) {
                    try MaglevTable(names, dialect: maglev)
                },
                row(.ketama, ring, key: { keys.find(in: ring, $0) }) {
                    try HashRing(names, dialect: .libmemcachedWeighted)
                },
                try row(.ring, HashRing(names)) { try HashRing(names) },
                try row(.rendezvous, Rendezvous(names)) { try Rendezvous(names) },
                try row(.jump, JumpHash(names)) { try JumpHash(names) },
                try row(.multiProbe, MultiProbeHash(names)) { try MultiProbeHash(names) },
                try row(.memento, MementoHash(names)) { try MementoHash(names) },
            ]
        }
    }

    /// What hashing a key of 16 bytes takes.
    func hashes() -> [String: Measurement] {
        let loops: [(String, @Sendable (Int) -> UInt64)] = [
            ("MD5", keys.hashMD5), ("XXH64", keys.hashXXH64), ("CRC-32", keys.hashCRC32),
        ]
        return Dictionary(
            uniqueKeysWithValues: loops.map { name, loop in
                progress.show("\(name) of 16 bytes")
                return (name, Stopwatch(plan: plan).measure { count, _ in loop(count) })
            })
    }

    private func row<Hash: ConsistentHash>(
        _ subject: HashingSubject, _ hash: Hash, key: (@Sendable (Int) -> UInt64)? = nil,
        build: @escaping @Sendable () throws -> Hash
    ) -> HashingRow {
        progress.show("\(subject.rawValue), \(hash.backendCount.grouped) backends")
        let stopwatch = Stopwatch(plan: plan)
        let pool = ScriptedPool(count: hash.backendCount)
        let owned = OwnedPicks(
            ConsistentHashPicker(hash, for: pool.pool(), seed: 1), pool: pool, requests: KeyedRequests.self)
        let shared = SharedPicker<ConsistentHashPicker<Hash>>(GivenTable(table: hash), pool: pool.pool(), seed: 1)
        let picks: Loop = { count, thread in pickShared(shared, count, thread: thread, KeyedRequests.self) }
        var figures: [HashingColumn: Measurement] = [:]
        figures[.table] = stopwatch.measure { count, _ in lookUp(hash, count) }
        figures[.owned] = stopwatch.measure { count, _ in owned.run(count) }
        figures[.shared1] = stopwatch.measure(picks)
        figures[.shared2] = stopwatch.measure(threads: 2, picks)
        figures[.key] = key.map { find in stopwatch.measure { count, _ in find(count) } }
        figures[.build] = stopwatch.measure { count, _ in
            (0..<count).reduce(0) { sum, _ in sum &+ UInt64((try? build())?.backendCount ?? 0) }
        }
        return HashingRow(subject: subject, backends: hash.backendCount, nanoseconds: figures)
    }
}

@inline(never)
func lookUp<Hash: ConsistentHash>(_ hash: Hash, _ count: Int) -> UInt64 {
    var sum = 0
    for step in 0..<count { sum &+= hash.backend(for: mixed(UInt64(truncatingIfNeeded: step))) ?? -1 }
    return UInt64(truncatingIfNeeded: sum)
}

/// A policy whose pickers all have one table.
private struct GivenTable<Table: ConsistentHash>: ConsistentHashPolicy {
    let table: Table

    func makeTable(for backends: [WeightedName], replacing old: Table?) -> Table { table }
}
