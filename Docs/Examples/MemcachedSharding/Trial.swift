/// Keys stored by one client and looked up by the other, one by one.
struct Trial {
    let servers: [Server]
    let peer: PeerClient
    let keyCount: Int

    /// One line of the table.
    struct Result {
        let title: String
        let keys: Int
        let found: Int
        /// How many should be found.
        let expected: Int

        var isAsExpected: Bool { found == expected }
    }

    /// Stores with the ring here, looks up with libmemcached; then the other way round.
    func run(_ title: String) throws -> [Result] {
        let cache = try ShardedCache(servers)
        try cache.removeAll()
        let ours = pairs("ours")
        for (key, value) in ours { try cache.set(key, to: value) }
        let seen = try peer.get(ours.map(\.key), from: servers)

        let theirs = pairs("theirs")
        try peer.set(theirs, on: servers)
        let found = try theirs.count { try cache.get($0.key) == $0.value }
        return [
            Result(
                title: "\(title): stored here, found by libmemcached", keys: keyCount,
                found: ours.count { seen[$0.key] == $0.value }, expected: keyCount),
            Result(
                title: "\(title): stored by libmemcached, found here", keys: keyCount, found: found, expected: keyCount),
        ]
    }

    /// Ends a server and looks with a ring of the others: their keys are where they were, and only the ended one's are lost.
    func runWithout(_ position: Int) throws -> [Result] {
        let cache = try ShardedCache(servers)
        try cache.removeAll()
        let pairs = pairs("kept")
        for (key, value) in pairs { try cache.set(key, to: value) }
        let (lost, kept) = pairs.partitioned { cache.position(of: $0.key) == position }
        try cache.shutDown(position)
        var rest = servers
        rest.remove(at: position)
        let smaller = try ShardedCache(rest)
        let seen = try peer.get(pairs.map(\.key), from: rest)
        let server = servers[position].name
        return [
            Result(
                title: "\(server) ended: keys of the others, found here", keys: kept.count,
                found: try kept.count { try smaller.get($0.key) == $0.value }, expected: kept.count),
            Result(
                title: "\(server) ended: keys of the others, found by libmemcached", keys: kept.count,
                found: kept.count { seen[$0.key] == $0.value }, expected: kept.count),
            Result(
                title: "\(server) ended: its own keys, still found", keys: lost.count,
                found: try lost.count { try smaller.get($0.key) != nil || seen[$0.key] != nil }, expected: 0),
        ]
    }

    private func pairs(_ prefix: String) -> [(key: String, value: String)] {
        (0..<keyCount).map { ("\(prefix):user:\($0)", "value \($0) of \(prefix)") }
    }
}

extension Sequence {
    /// The elements that `isFirst` says belong into the first part, and the others.
    fileprivate func partitioned(by isFirst: (Element) -> Bool) -> ([Element], [Element]) {
        (filter(isFirst), filter { !isFirst($0) })
    }
}
