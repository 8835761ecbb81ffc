import LoadBalancing

/// The programs whose answers can be recomputed.
enum Peer: CaseIterable {
    case libmemcached
    case nginxSmooth
    case haproxyRoundRobin
    case envoyMaglev

    /// What a file's `program` begins with, and what else is in it.
    private var signature: (start: String, parts: [String]) {
        switch self {
        case .libmemcached: ("libmemcached", [])
        case .nginxSmooth: ("nginx", ["default upstream balancing"])
        case .haproxyRoundRobin: ("HAProxy", ["balance roundrobin"])
        case .envoyMaglev: ("Envoy", ["MAGLEV"])
        }
    }

    /// The members of its cases beside those that all have.
    private var members: String {
        switch self {
        case .libmemcached: "mode: ketama_weighted, ketama_weighted_equal"
        case .nginxSmooth, .haproxyRoundRobin: "order instead of pick, and no endpoints"
        case .envoyMaglev: "table_size"
        }
    }

    /// Finds the program that a file names.
    init(program: String) throws(VectorError) {
        let known = Self.allCases.first { peer in
            program.hasPrefix(peer.signature.start) && peer.signature.parts.allSatisfy(program.contains)
        }
        guard let known else { throw VectorError("the program \"\(program)\" is not known; see --help") }
        self = known
    }

    /// How its picks are recomputed.
    var recipe: any Recipe {
        switch self {
        case .libmemcached:
            RingRecipe(title: "HashRing, libmemcached's dialects") { vector throws(VectorError) in
                let mode = try vector.required(vector.mode, "mode")
                switch mode {
                case "ketama_weighted", "ketama_weighted_equal": return .libmemcachedWeighted
                default: throw VectorError("the mode \"\(mode)\" is not known")
                }
            }
        case .nginxSmooth: SmoothOrderRecipe()
        case .haproxyRoundRobin: HAProxyOrderRecipe()
        case .envoyMaglev: MaglevRecipe()
        }
    }

    /// A line for each program.
    static var help: String {
        lines { peer in "\(([peer.signature.start] + peer.signature.parts).joined(separator: " … ")): \(peer.recipe.title)" }
    }

    /// A line for each program's members.
    static var memberHelp: String {
        lines { peer in "\(([peer.signature.start] + peer.signature.parts).joined(separator: " … ")): \(peer.members)" }
    }

    private static func lines(_ line: (Peer) -> String) -> String {
        allCases.map { "                         " + line($0) }.joined(separator: "\n")
    }
}
