import LoadBalancing

/// A ``HashRing`` in the dialect that a case asks for.
struct RingRecipe: Recipe {
    let title: String
    /// Whether the program walks on where servers are down, as our ring does.
    var knowsDown = false
    /// Whether the program was given the servers of a case without their weights.
    var ignoresWeights: (VectorCase) -> Bool = { _ in false }
    let dialect: (VectorCase) throws(VectorError) -> RingDialect

    var needsKeys: Bool { true }

    func compare(_ vector: VectorCase, name: String, keys: [String]) throws(VectorError) -> Comparison {
        var servers = try vector.servers()
        if ignoresWeights(vector) { servers = servers.map { WeightedName($0.name) } }
        guard knowsDown || vector.down == nil else {
            throw VectorError("\"down\" means nothing to this program's ring")
        }
        let up = try vector.up(of: servers.count)
        let dialect = try dialect(vector)
        let ring: HashRing
        do throws(HashTableError) {
            ring = try HashRing(servers, dialect: dialect)
        } catch {
            throw VectorError(error.description)
        }
        var comparison = try vector.compare(name, keys: keys, servers: servers.count) { key in
            let hash = ring.hash(ofKey: key)
            return vector.down == nil ? ring.backend(for: hash) : ring.backend(for: hash, where: { up[$0] })
        }
        if let points = vector.points {
            comparison.compare(name, key: "points", expected: points, got: ring.pointCount)
        }
        return comparison
    }
}

/// The dialects of programs that have several.
extension RingRecipe {
    static func libmemcached(_ vector: VectorCase) throws(VectorError) -> RingDialect {
        let mode = try vector.required(vector.mode, "mode")
        return switch mode {
        case "ketama_weighted", "ketama_weighted_equal": .libmemcachedWeighted
        case "ketama_weighted_oaat": .libmemcached(.oneAtATime, weighted: true)
        case "ketama_md5", "ketama_md5key": .libmemcached(.md5)
        case "ketama_oaat", "ketama_oaatkey": .libmemcached(.oneAtATime)
        case "spy_weighted_md5": .libmemcachedSpy(.md5, weighted: true)
        case "spy_weighted_oaat": .libmemcachedSpy(.oneAtATime, weighted: true)
        case "spy_md5": .libmemcachedSpy(.md5)
        case "spy_oaat": .libmemcachedSpy(.oneAtATime)
        default: throw VectorError("the mode \"\(mode)\" is not known")
        }
    }

    /// Without weights libmemcached counts points in another way; these modes stand for that, whatever the case says.
    static func libmemcachedIgnoresWeights(_ vector: VectorCase) -> Bool {
        ["ketama_md5key", "ketama_oaatkey"].contains(vector.mode)
    }

    static func haproxy(_ vector: VectorCase) throws(VectorError) -> RingDialect {
        let name = try vector.required(vector.hashFunction, "hash_function")
        guard let hash = RingDialect.HAProxyHash(rawValue: name) else {
            throw VectorError("the hash function \"\(name)\" is not known")
        }
        return .haproxy(hash, avalanche: try vector.required(vector.avalanche, "avalanche"))
    }

    static func envoy(_ vector: VectorCase, program: String) throws(VectorError) -> RingDialect {
        let name = try vector.required(vector.hashFunction, "hash_function")
        guard let hash = RingDialect.EnvoyHash(rawValue: name) else {
            throw VectorError("the hash function \"\(name)\" is not known")
        }
        let minimum = vector.minimumRingSize ?? number(after: "minimum_ring_size", in: program) ?? 1_024
        let maximum = vector.maximumRingSize ?? number(after: "maximum_ring_size", in: program) ?? 8_388_608
        guard 1...8_388_608 ~= minimum, 1...8_388_608 ~= maximum else {
            throw VectorError("Envoy's rings have 1 to 8388608 points, not \(minimum) to \(maximum)")
        }
        return .envoy(hash, minimumRingSize: minimum, maximumRingSize: maximum)
    }

    static func uhashring(_ vector: VectorCase) throws(VectorError) -> RingDialect {
        let name = try vector.required(vector.hashFn, "hash_fn")
        return switch name {
        case "ketama": .uhashringKetama
        case "default": .uhashring
        default: throw VectorError("the hash function \"\(name)\" is not known")
        }
    }

    /// The number that stands behind a setting in the program's line.
    private static func number(after setting: String, in program: String) -> Int? {
        let words = program.split { $0 == " " || $0 == "," || $0 == ":" }
        guard let place = words.firstIndex(of: setting[...]), place + 1 < words.count else { return nil }
        return Int(words[place + 1])
    }
}

/// nginx's hash without a ring, by ``NginxHash``.
struct NginxHashRecipe: Recipe {
    var title: String { "NginxHash" }
    var needsKeys: Bool { true }

    func compare(_ vector: VectorCase, name: String, keys: [String]) throws(VectorError) -> Comparison {
        let servers = try vector.servers()
        let up = try vector.up(of: servers.count)
        let line: NginxHash
        do throws(HashTableError) {
            line = try NginxHash(servers)
        } catch {
            throw VectorError(error.description)
        }
        return try vector.compare(name, keys: keys, servers: servers.count) { key in
            line.backend(forKey: key, where: { up[$0] })
        }
    }
}
