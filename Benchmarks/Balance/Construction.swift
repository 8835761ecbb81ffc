import LoadBalancing

/// A way to spread keys over backends, and what there is to know of it in order to measure it.
protocol Construction: Sendable {
    associatedtype Hash: ConsistentHash

    /// What the table calls it, and `--only`.
    var name: String { get }
    /// Whether a lookup takes time in proportion to the number of backends.
    var isLinear: Bool { get }
    /// Whether only the last backend can go: another is removed by giving its place to the last.
    var shrinksAtTheEnd: Bool { get }

    /// Whether it is made anew of those that are left when backends fail, as the programs do that it is taken from; else the
    /// keys of the dead go to the next in their order.
    var rebuildsOnFailure: Bool { get }

    /// Makes it for a set.
    func build(_ backends: [WeightedName]) throws -> Hash

    /// What takes the place of `old` when the set changes.
    func update(_ old: Hash, to backends: [WeightedName]) throws -> Hash

    /// How many slots it has; `nil` if it is no table of slots.
    func slotCount(of hash: Hash) -> Int?

    /// Which parts of the keys have the same backends, so that shares are exact; `nil` if only keys can tell.
    func pieces(of hash: Hash) -> KeyPieces?
}

/// A partition of all keys into pieces of which each has one order of backends.
enum KeyPieces {
    /// A key for each slot of a table; all slots have equal parts, whatever the set.
    case slots([UInt64])
    /// A key for each arc of a ring, and the arc's part of all keys.
    case arcs([UInt64], parts: [Double])
}

extension Construction {
    var isLinear: Bool { false }
    var shrinksAtTheEnd: Bool { false }
    var rebuildsOnFailure: Bool { false }

    func update(_ old: Hash, to backends: [WeightedName]) throws -> Hash { try build(backends) }
    func slotCount(of hash: Hash) -> Int? { nil }
    func pieces(of hash: Hash) -> KeyPieces? { nil }
}
