import LoadBalancing

/// nginx's default order, by ``SmoothWeightedRoundRobin``.
struct SmoothOrderRecipe: Recipe {
    var title: String { "SmoothWeightedRoundRobin" }
    var needsKeys: Bool { false }

    func compare(_ vector: VectorCase, name: String, keys: [String]) throws(VectorError) -> Comparison {
        let weights = try vector.required(vector.weights, "weights")
        guard weights.allSatisfy({ 0...HashTableError.maximumWeight ~= $0 }) else {
            throw VectorError("weights go from 0 to \(HashTableError.maximumWeight)")
        }
        let pool = ScriptedPool(weights: weights)
        var picker = SmoothWeightedRoundRobin(for: pool.pool(), seed: 0)
        return try vector.compareOrder(name, servers: weights.count) { pool.pick(with: &picker) }
    }
}

/// HAProxy's round robin, by a model: the package has none.
struct HAProxyOrderRecipe: Recipe {
    var title: String { "a model in this tool" }
    var needsKeys: Bool { false }

    func compare(_ vector: VectorCase, name: String, keys: [String]) throws(VectorError) -> Comparison {
        let weights = try vector.required(vector.weights, "weights")
        guard weights.allSatisfy({ 0...HAProxyRoundRobin.maximumWeight ~= $0 }) else {
            throw VectorError("HAProxy's weights go from 0 to \(HAProxyRoundRobin.maximumWeight)")
        }
        var model = HAProxyRoundRobin(weights: weights)
        return try vector.compareOrder(name, servers: weights.count) { model.pick() }
    }
}
