/// The few backends of a large fleet that one client uses: those that score lowest with the client's salt.
///
/// Clients need not know of each other. A backend that comes or goes changes one member of a client's subset at the
/// most. Loads are even only by chance: with c clients that use k of n backends each, a backend has c · k / n clients
/// on average, give or take the root of that. Where clients can be numbered, ``DeterministicAperture`` is exact.
///
/// - Note: gRFC A68, random subsetting, as in grpc-go: XXH64 of the address under a seed, the lowest first.
public struct RendezvousSubset: Hashable, Sendable {
    /// How many backends are used: 20 in gRFC A68.
    public let size: Int
    /// What tells this client from the others.
    public let salt: UInt64

    /// Creates a rule.
    ///
    /// - Parameters:
    ///   - size: how many backends to use.
    ///   - salt: another for each client, and the same for as long as it runs.
    public init(size: Int = 20, salt: UInt64) {
        self.size = max(size, 0)
        self.salt = salt
    }

    /// The backends that this client uses, lowest score first; all of them if there are no more than ``size``.
    ///
    /// Backends of weight 0 are used by nobody and take no place.
    public func subset<Endpoint>(of backends: some Sequence<Backend<Endpoint>>) -> [Backend<Endpoint>] {
        Array(
            backends.filter { $0.weight > 0 }
                .map { (score: XXH64.hash($0.id, seed: salt), backend: $0) }
                .sorted { ($0.score, $0.backend.id) < ($1.score, $1.backend.id) }
                .prefix(size)
                .map(\.backend))
    }
}
