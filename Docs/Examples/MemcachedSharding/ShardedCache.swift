import LoadBalancing

/// memcached servers that share the keys exactly as libmemcached's clients share them.
final class ShardedCache {
    let servers: [Server]
    private let ring: HashRing
    private let clients: [MemcachedClient]

    /// Connects to all servers.
    init(_ servers: [Server]) throws {
        self.servers = servers
        ring = try HashRing(servers.map { WeightedName($0.name, weight: $0.weight) }, dialect: .libmemcachedWeighted)
        clients = try servers.map { server in try MemcachedClient(server) }
    }

    /// The position of the server that has a key; `nil` if no server has a weight.
    func position(of key: String) -> Int? {
        ring.backend(forKey: key)
    }

    /// The value of a key; `nil` if its server does not have it.
    func get(_ key: String) throws -> String? {
        try position(of: key).flatMap { try clients[$0].get(key) }
    }

    /// Stores a value on the key's server.
    func set(_ key: String, to value: String) throws {
        guard let position = position(of: key) else { return }
        try clients[position].set(key, to: value)
    }

    /// Forgets everything on all servers.
    func removeAll() throws {
        for client in clients { try client.removeAll() }
    }

    /// Ends one of the servers.
    func shutDown(_ position: Int) throws {
        try clients[position].shutDown()
    }
}
