/// A lease, and the place of its backend.
public struct PlacedLease<Endpoint: Sendable>: ~Copyable, Sendable {
    /// Where the backend stands.
    public let place: Place
    /// The lease.
    public var lease: Lease<Endpoint>
    let retries: RetryAllowance?

    init(_ lease: consuming Lease<Endpoint>, at place: Place, retries: RetryAllowance?) {
        self.place = place
        self.lease = lease
        self.retries = retries
    }

    /// The identity of the backend.
    public var id: String { lease.id }

    /// How to reach the backend.
    public var endpoint: Endpoint { lease.endpoint }

    /// Ends the work, and tells how it went.
    public consuming func finish(_ outcome: Outcome = .success, at time: Timestamp? = nil) {
        lease.finish(outcome, at: time)
    }
}

/// The backends that one request was tried on, in all places: each place numbers its own.
public struct TriedPlaces: Hashable, Sendable {
    private var tried: [(place: Place, backends: TriedBackends)] = []

    /// No backends.
    public init() {}

    /// Remembers the backend of a lease.
    public mutating func insert(_ lease: borrowing PlacedLease<some Sendable>) {
        insert(lease.lease.slotID, at: lease.place)
    }

    mutating func insert(_ slotID: UInt32, at place: Place) {
        if let index = tried.firstIndex(where: { $0.place == place }) {
            tried[index].backends.insert(slotID)
        } else {
            var backends = TriedBackends()
            backends.insert(slotID)
            tried.append((place, backends))
        }
    }

    /// Those of one place.
    public subscript(place: Place) -> TriedBackends {
        tried.first { $0.place == place }?.backends ?? TriedBackends()
    }

    /// Whether no backend was tried.
    public var isEmpty: Bool { tried.isEmpty }

    /// Whether the same backends were tried in the same order of places.
    public static func == (lhs: TriedPlaces, rhs: TriedPlaces) -> Bool {
        lhs.tried.elementsEqual(rhs.tried) { $0 == $1 }
    }

    /// Feeds what `==` compares.
    public func hash(into hasher: inout Hasher) {
        for (place, backends) in tried {
            hasher.combine(place)
            hasher.combine(backends)
        }
    }
}

extension TieredBalancer {
    /// Chooses a place and a backend there, and counts the work in.
    ///
    /// Where the place drawn has nobody for the request, the others are asked: who shares the load first, then the
    /// tiers in order, those on standby too.
    ///
    /// - Parameters:
    ///   - request: the key and the time, as far as they matter. Its own tried backends are not looked at.
    ///   - tried: where the request has failed already.
    /// - Returns: a lease, to be finished with the outcome of the work.
    /// - Throws: ``BalancerError`` of the place drawn, if there is nobody to choose in any.
    public func lease(
        for request: PickRequest = PickRequest(), avoiding tried: TriedPlaces = TriedPlaces()
    ) throws(BalancerError) -> PlacedLease<Endpoint> {
        let (places, drawn) = draw(for: request)
        guard !places.entries.isEmpty else { throw BalancerError(.noBackends) }
        var request = request
        var refusal: BalancerError?
        for position in -1..<places.entries.count {
            // The one drawn, then all others.
            guard let index = position < 0 ? drawn : position, position < 0 || index != drawn else { continue }
            let entry = places.entries[index]
            request.tried = tried[entry.place]
            do throws(BalancerError) {
                let lease = try entry.balancer.lease(for: request)
                return PlacedLease(lease, at: entry.place, retries: entry.balancer.retries)
            } catch {
                if refusal == nil || refusal?.reason == .noBackends { refusal = error }
                if entry.share > 0, error.reason == .noneAdmitted { replanIfDue(at: request.time) }
            }
        }
        throw refusal ?? BalancerError(.noneAdmitted)
    }

    /// Does work on a backend, and learns from how it ended.
    ///
    /// As ``Balancer``'s `withBackend`, across places: failed work is done again on a backend that this call has not
    /// tried, in the place drawn anew or, where there is none left, in another.
    ///
    /// - Parameters:
    ///   - request: the key and the time, as far as they matter.
    ///   - attempts: how often the work may be done, the first time included.
    ///   - body: the work.
    ///   - classify: what a result says of the backend; success unless told otherwise.
    ///   - classifyError: what a thrown error says of the backend; failure unless told otherwise.
    /// - Returns: what the last attempt returned.
    /// - Throws: ``BalancerError`` if there is nobody to choose, or what the last attempt threw.
    public nonisolated(nonsending) func withBackend<Value>(
        for request: PickRequest = PickRequest(), attempts: Int = 1,
        _ body: nonisolated(nonsending) (LeasedBackend<Endpoint>) async throws -> Value,
        classify: (Value) -> Outcome = { _ in .success },
        classifyError: (any Error) -> Outcome = { _ in .failure }
    ) async throws -> Value {
        var tried = TriedPlaces()
        var request = request
        var last: Result<Value, any Error>?
        for attempt in 1...max(attempts, 1) {
            let lease: PlacedLease<Endpoint>
            do throws(BalancerError) {
                lease = try self.lease(for: request, avoiding: tried)
            } catch {
                // The backend's own answer says more than that there is no other backend.
                guard let last else { throw error }
                return try last.get()
            }
            tried.insert(lease)
            let retries = lease.retries
            if attempt == 1 { retries?.requestBegan(at: time.now) }
            // A retry happens later; the time of the first pick is not its time.
            request.time = nil
            let result: Result<Value, any Error>
            do { result = .success(try await body(lease.lease.backend)) } catch { result = .failure(error) }
            let outcome: Outcome =
                switch result {
                case .success(let value): classify(value)
                case .failure(let error) where error is CancellationError || Task.isCancelled: .cancelled
                case .failure(let error): classifyError(error)
                }
            lease.finish(outcome)
            retries?.attemptEnded(outcome)
            last = result
            guard outcome == .failure, attempt < attempts, !Task.isCancelled else { break }
            if retries?.takeRetry(at: time.now) == false { break }
        }
        guard let last else { throw BalancerError(.noBackends) }
        return try last.get()
    }
}
