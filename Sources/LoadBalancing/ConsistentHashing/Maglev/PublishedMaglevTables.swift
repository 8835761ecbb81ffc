/// Tables that somebody else made, on their way to the balancers that are to use them.
///
/// A repaired table depends on what was before it, so of a fleet one program repairs, and publishes its tables; all
/// others take them over:
///
///     let tables = PublishedMaglevTables()
///     let balancer = try LoadBalancer<String>(policy: AnyPolicy(PublishedMaglevPolicy(tables)), backends: [])
///
///     tables.take(table)
///     try balancer.update(table.backends.map { Backend($0.name, weight: $0.weight) })
///
/// Several balancers may share one of these.
public final class PublishedMaglevTables: Sendable {
    /// The newest last: the one in force stays known while the next set is on its way.
    private let recent = Guarded<[MaglevTable]>([])
    private static let capacity = 4

    /// No tables yet.
    public init() {}

    /// Takes a table over, which the next update of a balancer to its set puts in force.
    ///
    /// Make it of its parts with ``MaglevTable/init(_:owners:secondOwners:dialect:)``. The last four are remembered.
    public func take(_ table: MaglevTable) {
        // The oldest goes after the lock is left.
        _ = recent.withLock { recent in
            let before = recent
            recent = before.suffix(Self.capacity - 1) + [table]
            return before
        }
    }

    /// The newest table of the same names and weights, in whatever order; `nil` if there is none.
    func table(for backends: [WeightedName]) -> MaglevTable? {
        let wanted = Set(backends)
        return recent.withLock { $0 }.last { $0.backendCount == backends.count && wanted.isSuperset(of: $0.backends) }
    }
}

/// A table that somebody else made, for each set: ``PublishedMaglevTables``.
///
/// A set of which no table was taken over is refused, so a balancer never has a table of its own making; the set in
/// force stays in force. Backends are known by their ids, and have the weights of the table.
public struct PublishedMaglevPolicy: ConsistentHashPolicy {
    private let tables: PublishedMaglevTables

    /// Creates the policy.
    public init(_ tables: PublishedMaglevTables) {
        self.tables = tables
    }

    /// Whether a table of the set was taken over, or nobody in it takes work.
    ///
    /// - Throws: ``BackendSetError``, if there is none.
    public func check(_ backends: [WeightedName]) throws(BackendSetError) {
        guard backends.contains(where: { $0.weight > 0 }), tables.table(for: backends) == nil else { return }
        throw BackendSetError(
            .unsuitable("no table of these backends and weights was taken over; take the table before the update"))
    }

    /// The table that was taken over for a set of backends, in their order.
    public func makeTable(for backends: [WeightedName], replacing old: MaglevTable?) -> MaglevTable {
        guard let table = tables.table(for: backends), let members = try? MaglevMembers(backends) else {
            // Others were taken over since the set was checked: the keys stay where they are as far as can be.
            return (try? old?.repaired(for: backends)) ?? MaglevTable(nobody: old?.dialect ?? .standard())
        }
        return table.renumbered(members)
    }
}

extension MaglevTable {
    /// The same table for the same backends in another order.
    fileprivate func renumbered(_ members: MaglevMembers) -> MaglevTable {
        guard members.backends != backends else { return self }
        let numbers = self.members.numbers(in: members)
        return MaglevTable(
            members, dialect: dialect, owners: ownerTable.elements.map { numbers[Int($0)] },
            seconds: secondTable.elements.map { numbers[Int($0)] })
    }
}
