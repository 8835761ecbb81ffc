import LoadBalancing

/// The keys and the shards of `Docs/Sharding.md`.
enum Sharding {
    static let caches = ["10.0.0.1:11211", "10.0.0.2:11211", "10.0.0.3:11211", "10.0.0.4:11211"]

    /// What a server knows of a request before it has chosen a backend.
    struct Request: Sendable {
        /// The client's address, 4 bytes or 16.
        var sourceAddress: [UInt8] = []
        var headers: [String: String] = [:]
        var cookies: [String: String] = [:]
        var sessionID: UInt64 = 0
    }

    static func bySourceAddress(_ request: Request, _ balancer: LoadBalancer<String>) throws -> Lease<String> {
        let lease = try balancer.lease(for: .key(request.sourceAddress))
        return lease
    }

    static func byHeader(_ request: Request, _ balancer: LoadBalancer<String>) throws -> Lease<String> {
        let tenant = request.headers["x-tenant"] ?? "nobody"
        let lease = try balancer.lease(for: .key(tenant))
        return lease
    }

    static func byCookie(_ request: Request, _ balancer: LoadBalancer<String>) throws -> Lease<String> {
        let key: PickRequest = request.cookies["session"].map { .key($0) } ?? .any
        let lease = try balancer.lease(for: key)
        return lease
    }

    static func bySession(_ request: Request, _ balancer: LoadBalancer<String>) throws -> Lease<String> {
        let lease = try balancer.lease(for: .key(request.sessionID))
        return lease
    }

    static func anew() throws -> LoadBalancer<String> {
        let balancer = try LoadBalancer(policy: .maglev, backends: caches.map { Backend($0) })
        return balancer
    }

    static func repaired() throws -> LoadBalancer<String> {
        let policy = MaglevPolicy(dialect: .standard(size: 655_373), repairs: true)
        let balancer = try LoadBalancer(policy: AnyPolicy(policy), backends: caches.map { Backend($0) })
        return balancer
    }

    static func bounded() throws -> LoadBalancer<String> {
        let policy = BoundedLoadPolicy(MaglevPolicy(), factor: 1.25)
        let balancer = try LoadBalancer(policy: AnyPolicy(policy), backends: caches.map { Backend($0) })
        return balancer
    }

    static func asLibmemcached(_ key: String) throws -> String {
        let dialect = RingDialect.libmemcachedWeighted
        let balancer = try LoadBalancer(
            policy: AnyPolicy(RingHashPolicy(dialect: dialect)), backends: caches.map { Backend($0) })
        let lease = try balancer.lease(for: .key(key, dialect: dialect))
        return lease.endpoint
    }

    static func replicas(of key: String) throws -> [String] {
        let ring = try HashRing(caches.map { WeightedName($0) })
        let replicas = ring.candidates(of: ring.hash(ofKey: key)).prefix(2).map { caches[$0] }
        return replicas
    }

    /// What one program publishes for all others.
    struct PublishedTable: Codable {
        var names: [String]
        var owners: [Int]
        var secondOwners: [Int]
    }

    static func published(_ table: MaglevTable, for names: [String]) throws -> PublishedTable {
        let next = try table.repaired(for: names.map { WeightedName($0) })
        return PublishedTable(names: names, owners: next.owners, secondOwners: next.secondOwners)
    }

    static func received(_ published: PublishedTable) throws -> MaglevTable {
        let table = try MaglevTable(
            published.names.map { WeightedName($0) }, owners: published.owners, secondOwners: published.secondOwners,
            dialect: .standard())
        return table
    }

    static func receiver() throws -> (LoadBalancer<String>, PublishedMaglevTables) {
        let tables = PublishedMaglevTables()
        let balancer = try LoadBalancer<String>(policy: AnyPolicy(PublishedMaglevPolicy(tables)), backends: [])
        return (balancer, tables)
    }

    static func takeOver(_ table: MaglevTable, _ tables: PublishedMaglevTables, _ balancer: LoadBalancer<String>) throws
    {
        tables.take(table)
        try balancer.update(table.backends.map { Backend($0.name, weight: $0.weight) })
    }

    static func asNginx(_ key: String) throws -> String {
        let balancer = try LoadBalancer(policy: .nginxHash, backends: caches.map { Backend($0) })
        let lease = try balancer.lease(for: .nginxKey(key))
        return lease.endpoint
    }
}
