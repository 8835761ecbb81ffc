import LoadBalancing

/// The programs whose answers can be recomputed.
enum Peer: CaseIterable {
    case libmemcached
    case nginxRing, nginxHash, nginxSmooth
    case haproxyRing, haproxyRoundRobin
    case envoyRing, envoyMaglev
    case katran
    case uhashring

    /// What a file's `program` begins with, and what else is in it; the first that fits is meant.
    private var signature: (start: String, part: String) {
        switch self {
        case .libmemcached: ("libmemcached", "")
        case .nginxRing: ("nginx", "consistent")
        case .nginxHash: ("nginx", "hash $")
        case .nginxSmooth: ("nginx", "default upstream balancing")
        case .haproxyRing: ("HAProxy", "hash-type consistent")
        case .haproxyRoundRobin: ("HAProxy", "balance roundrobin")
        case .envoyRing: ("Envoy", "RING_HASH")
        case .envoyMaglev: ("Envoy", "MAGLEV")
        case .katran: ("Katran", "")
        case .uhashring: ("uhashring", "")
        }
    }

    /// The members of its cases beside those that all have.
    private var members: String? {
        switch self {
        case .libmemcached:
            """
            mode: ketama_md5, ketama_oaat, ketama_weighted, ketama_weighted_oaat, spy_md5, spy_oaat, spy_weighted_md5,
                  spy_weighted_oaat; or ketama_md5key, ketama_oaatkey, for which weights do not count
            """
        case .nginxRing, .nginxHash: nil
        case .nginxSmooth, .haproxyRoundRobin:
            "order instead of endpoints and pick: the positions picked one after another"
        case .haproxyRing: "hash_function: sdbm, djb2, wt6, crc32 or none; avalanche: true or false"
        case .envoyRing:
            "hash_function: XX_HASH or MURMUR_HASH_2; minimum_ring_size, unless the program has it; maximum_ring_size"
        case .envoyMaglev: "table_size"
        case .katran: "weight, hash (of 16 hexadecimal digits) and tables instead of endpoints, weights and pick"
        case .uhashring: "hash_fn: ketama or default; points, how many the ring has"
        }
    }

    /// Finds the program that a file names.
    init(program: String) throws(VectorError) {
        let known = Self.allCases.first { peer in
            program.hasPrefix(peer.signature.start)
                && (peer.signature.part.isEmpty || program.contains(peer.signature.part))
        }
        guard let known else { throw VectorError("the program \"\(program)\" is not known; see --help") }
        self = known
    }

    /// How the picks of a file are recomputed that names this program so.
    func recipe(program: String) -> any Recipe {
        switch self {
        case .libmemcached:
            RingRecipe(
                title: "HashRing, libmemcached's dialects", ignoresWeights: RingRecipe.libmemcachedIgnoresWeights,
                dialect: RingRecipe.libmemcached)
        case .nginxRing: RingRecipe(title: "HashRing, nginx's dialect", knowsDown: true) { _ in .nginx }
        case .nginxHash: NginxHashRecipe()
        case .nginxSmooth: SmoothOrderRecipe()
        case .haproxyRing: RingRecipe(title: "HashRing, HAProxy's dialects", dialect: RingRecipe.haproxy)
        case .haproxyRoundRobin: HAProxyOrderRecipe()
        case .envoyRing:
            RingRecipe(title: "HashRing, Envoy's dialects") { vector throws(VectorError) in
                try RingRecipe.envoy(vector, program: program)
            }
        case .envoyMaglev: MaglevRecipe()
        case .katran: KatranRecipe()
        case .uhashring: RingRecipe(title: "HashRing, uhashring's dialects", dialect: RingRecipe.uhashring)
        }
    }

    /// Two or three lines for each program.
    static var help: String {
        allCases.map { peer in
            let (start, part) = peer.signature
            let program = part.isEmpty ? start : "\(start) … \(part)"
            let title = "  \(program.padded(to: 38, .leading))\(peer.recipe(program: "").title)"
            return ([title] + (peer.members.map { ["      \($0)"] } ?? [])).joined(separator: "\n")
        }.joined(separator: "\n")
    }
}
