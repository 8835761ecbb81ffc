/// A ring of points, by name `ring-hash`: ``HashRing``.
///
///     let policy = RingHashPolicy(dialect: .libmemcachedWeighted)
///
/// Backends are placed by their ids, which have to be what the dialect's program hashes: mostly address and port. Where another
/// program is to agree, keys have to be hashed as it does, too: `.key("user:42", dialect: .libmemcachedWeighted)`. The plain
/// `.key("user:42")` is the hash of ``RingDialect/standard``, Envoy and gRPC.
public struct RingHashPolicy: ConsistentHashPolicy, Hashable {
    /// How points are placed and keys hashed.
    public var dialect: RingDialect

    /// Creates the policy.
    public init(dialect: RingDialect = .standard) {
        self.dialect = dialect
    }

    /// Whether the dialect can read and tell apart the ids, and the weights do not ask for too many points.
    ///
    /// - Throws: ``BackendSetError``, which says what the dialect expects.
    public func check(_ backends: [WeightedName]) throws(BackendSetError) {
        do throws(HashTableError) {
            try dialect.check(backends)
        } catch {
            throw BackendSetError(error)
        }
    }

    /// The ring of a set of backends.
    public func makeTable(for backends: [WeightedName], replacing old: HashRing?) -> HashRing {
        (try? HashRing(backends, dialect: dialect)) ?? HashRing(nobody: dialect)
    }
}
