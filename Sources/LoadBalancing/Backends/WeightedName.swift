/// A backend as hashing knows it: by its name and its weight.
public struct WeightedName: Hashable, Sendable {
    /// What is hashed: the backend's identity, in most dialects its address and port.
    public var name: String
    /// The share of the keys relative to the others'; 0 takes none.
    public var weight: Int

    /// Creates a name with a weight.
    public init(_ name: String, weight: Int = 1) {
        self.name = name
        self.weight = weight
    }
}

extension BackendPool {
    /// All backends by name and weight, for tables that are built from them.
    var weightedNames: [WeightedName] {
        (0..<count).map { WeightedName(id(at: $0), weight: Int(weight(at: $0))) }
    }
}
