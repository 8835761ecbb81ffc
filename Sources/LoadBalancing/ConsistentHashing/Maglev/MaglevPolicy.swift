/// A table of slots, by name `maglev`: ``MaglevTable``.
///
///     let policy = MaglevPolicy(dialect: .standard(size: 655_373), repairs: true)
///
/// Each update makes the table of the new set. Without repairs that table follows from the set alone, so all who know the set
/// agree, whatever sets they knew before; beside the keys that have to, a few others move. With repairs it follows from the table
/// before, and no keys move but those that have to: for one balancer, or several that see the same sets in the same order from the
/// first on. Backends that only fail for a while should have their gates shut: that changes no table.
///
/// Backends are placed by their ids.
public struct MaglevPolicy: ConsistentHashPolicy, Hashable {
    /// How the table is built and asked, and its size.
    public var dialect: MaglevDialect
    /// Whether an update repairs the table instead of making another.
    public var repairs: Bool

    /// Creates the policy.
    ///
    /// - Parameters:
    ///   - dialect: how the table is built and asked, and its size. Where that follows from the number of backends,
    ///     nearly all keys move when it changes; a repaired table keeps its size while it has 100 slots for each backend.
    ///   - repairs: whether an update repairs the table instead of making another.
    public init(dialect: MaglevDialect = .standard(), repairs: Bool = false) {
        self.dialect = dialect
        self.repairs = repairs
    }

    /// Whether there are tables of the size, and slots for all backends.
    ///
    /// - Throws: ``BackendSetError``, which says what size to take.
    public func check(_ backends: [WeightedName]) throws(BackendSetError) {
        do throws(MaglevTableError) {
            let size = try dialect.size(for: MaglevMembers(backends))
            // Whether Katran's loop ends shows when it does.
            if case .katran = dialect.kind, size > 65_537 { _ = try MaglevTable(backends, dialect: dialect) }
        } catch {
            throw BackendSetError(error)
        }
    }

    /// The table of a set of backends.
    public func makeTable(for backends: [WeightedName], replacing old: MaglevTable?) -> MaglevTable {
        if repairs, let old, old.dialect == dialect, dialect.size != nil || 100 * backends.count <= old.size,
            let repaired = try? old.repaired(for: backends)
        {
            return repaired
        }
        return (try? MaglevTable(backends, dialect: dialect)) ?? MaglevTable(nobody: dialect)
    }
}
