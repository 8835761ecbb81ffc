import LoadBalancing

/// A construction of which only keys can tell the shares.
struct TableConstruction<Hash: ConsistentHash>: Construction {
    let name: String
    var isLinear = false
    var shrinksAtTheEnd = false
    let make: @Sendable ([WeightedName]) throws -> Hash
    /// What becomes of the old one when the set changes; `nil` if it is made anew.
    var change: (@Sendable (Hash, [WeightedName]) throws -> Hash)?

    func build(_ backends: [WeightedName]) throws -> Hash { try make(backends) }

    func update(_ old: Hash, to backends: [WeightedName]) throws -> Hash {
        try change?(old, backends) ?? make(backends)
    }
}
