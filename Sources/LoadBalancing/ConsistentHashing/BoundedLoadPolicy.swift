/// Bounded loads for a policy that hashes consistently: ``BoundedLoadPicker``.
///
///     let policy = BoundedLoadPolicy(RendezvousPolicy(), factor: 1.25)
///
/// A small factor keeps loads even and sends more keys on; 1.25 to 2 is usual. On few leases in flight a share is less than
/// one lease and the bound is a whole one: it begins to mean something with some tens of leases a backend.
public struct BoundedLoadPolicy<Base: ConsistentHashPolicy>: Policy {
    /// The policy whose backends are not to be overloaded.
    public var base: Base
    /// How many times its share of the load a backend may have.
    public let factor: Double

    /// The factor unless said otherwise: 1.25.
    public static var defaultFactor: Double { 1.25 }

    /// Bounds the loads of a policy.
    ///
    /// - Parameters:
    ///   - base: where keys go while nobody is full.
    ///   - factor: from 1 to 1,000; what is below or above counts as these.
    public init(_ base: Base, factor: Double = BoundedLoadPolicy.defaultFactor) {
        self.base = base
        self.factor = factor.clamped(to: 1...1_000)
    }

    /// What the policy needs, and the leases in flight counted.
    public var requirements: PolicyRequirements {
        var requirements = base.requirements
        requirements.countsInFlight = true
        return requirements
    }

    /// A picker for `pool`.
    public func makePicker(for pool: borrowing BackendPool, seed: UInt64) -> BoundedLoadPicker<Base.Table> {
        BoundedLoadPicker(base.makePicker(for: pool, seed: seed), factor: factor)
    }

    /// A picker for `pool`, whose table may depend on the one before.
    public func makePicker(
        for pool: borrowing BackendPool, replacing old: BoundedLoadPicker<Base.Table>, seed: UInt64
    ) -> BoundedLoadPicker<Base.Table> {
        BoundedLoadPicker(base.makePicker(for: pool, replacing: old.base, seed: seed), factor: factor)
    }

    /// Whether the policy inside can work with a set.
    ///
    /// - Throws: ``BackendSetError``, if it cannot.
    public func check(_ backends: [WeightedName]) throws(BackendSetError) {
        try base.check(backends)
    }
}

extension BoundedLoadPolicy: Codable where Base: Codable {
    /// Decodes the parameters of the policy inside and, beside them, a `loadFactor` from 1 to 1,000; without one it is the
    /// default.
    public init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: BoundedLoadKey.self)
        let factor = try container.decodeIfPresent(Double.self, forKey: .loadFactor) ?? Self.defaultFactor
        guard 1...1_000 ~= factor else {
            throw DecodingError.dataCorruptedError(
                forKey: .loadFactor, in: container, debugDescription: "a load factor goes from 1 to 1000, not \(factor)"
            )
        }
        self.init(try Base(from: decoder), factor: factor)
    }

    /// Encodes what ``init(from:)`` reads.
    public func encode(to encoder: any Encoder) throws {
        try base.encode(to: encoder)
        var container = encoder.container(keyedBy: BoundedLoadKey.self)
        try container.encode(factor, forKey: .loadFactor)
    }
}

/// What stands beside the parameters of a policy whose loads are bounded.
enum BoundedLoadKey: CodingKey {
    case loadFactor
}

extension BoundedLoadPolicy: Equatable where Base: Equatable {}
extension BoundedLoadPolicy: Hashable where Base: Hashable {}
