/// One of the servers that share the work: who it is, how to reach it, how much it can take.
public struct Backend<Endpoint: Sendable>: Sendable, Identifiable {
    /// The name that stands for this backend in every update and, for the hashing policies, on every machine.
    ///
    /// Counts and averages belong to the identity and survive updates.
    public var id: String
    /// Whatever the caller needs to reach the backend: an address, a client, a connection pool.
    ///
    /// An update that gives an identity another endpoint makes it another backend, without the history of the one
    /// before. Endpoints are compared by `==`, objects without it by identity, and values without it field by field;
    /// what cannot be shown to be equal, such as a closure made anew, is different. So an endpoint that each update
    /// makes anew should be `Equatable`.
    public var endpoint: Endpoint
    /// The share of the work relative to the others'; 0 takes no new work.
    public var weight: Int

    /// Creates a backend.
    ///
    /// - Parameters:
    ///   - id: unique in its set.
    ///   - endpoint: how to reach it.
    ///   - weight: 0 … 2³¹; a set with another weight is refused with ``BackendSetError``.
    public init(id: String, endpoint: Endpoint, weight: Int = 1) {
        self.id = id
        self.endpoint = endpoint
        self.weight = weight
    }
}

extension Backend where Endpoint: CustomStringConvertible {
    /// Creates a backend whose identity is its endpoint's description.
    public init(_ endpoint: Endpoint, weight: Int = 1) {
        self.init(id: endpoint.description, endpoint: endpoint, weight: weight)
    }
}

extension Backend: Equatable where Endpoint: Equatable {}
extension Backend: Hashable where Endpoint: Hashable {}
