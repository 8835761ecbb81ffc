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
        var full: PlacesInForce<Endpoint, Rule>.Entry?
        return try lease(for: request, avoiding: tried, firstFull: &full)
    }

    /// Chooses a place and a backend there, as ``lease(for:avoiding:)`` does; where no place has room, waits for it.
    ///
    /// The work stands in the line of one place: the one drawn if that is full, else the first that is, in the order in
    /// which they are asked. Room in another is not waited for, and comes to those who ask then.
    ///
    /// - Parameters:
    ///   - request: the key and the time, as far as they matter. Its own tried backends are not looked at.
    ///   - tried: where the request has failed already.
    ///   - limit: how long to wait at the most.
    /// - Returns: a lease, to be finished with the outcome of the work.
    /// - Throws: ``BalancerError``, as ``Balancer/lease(for:waitingUpTo:)`` does.
    public nonisolated(nonsending) func lease(
        for request: PickRequest = PickRequest(), avoiding tried: TriedPlaces = TriedPlaces(),
        waitingUpTo limit: Duration
    ) async throws(BalancerError) -> PlacedLease<Endpoint> {
        try await lease(for: request, avoiding: tried, waitingUntil: time.now().advanced(by: limit))
    }

    nonisolated(nonsending) func lease(
        for request: PickRequest, avoiding tried: TriedPlaces, waitingUntil deadline: Timestamp
    ) async throws(BalancerError) -> PlacedLease<Endpoint> {
        var request = request
        while true {
            var full: PlacesInForce<Endpoint, Rule>.Entry?
            let refusal: BalancerError
            do throws(BalancerError) {
                return try lease(for: request, avoiding: tried, firstFull: &full)
            } catch {
                refusal = error
            }
            guard let full else { throw refusal }
            // A waiter picks later; the time of the first try is not its time.
            request.time = nil
            request.tried = tried[full.place]
            do throws(BalancerError) {
                return PlacedLease(try await full.balancer.lease(for: request, waitingUntil: deadline), at: full.place)
            } catch {
                // The place has gone in the meantime: its work goes to the others.
                guard error.reason == .noBackends, time.now() < deadline else { throw error }
            }
        }
    }

    /// Asks the place drawn, then all others; tells the first that would have had somebody but for the lack of room.
    private func lease(
        for request: PickRequest, avoiding tried: TriedPlaces,
        firstFull full: inout PlacesInForce<Endpoint, Rule>.Entry?
    ) throws(BalancerError) -> PlacedLease<Endpoint> {
        let (places, drawn) = draw(for: request)
        guard !places.entries.isEmpty else { throw BalancerError(isShutDown ? .shutDown : .noBackends) }
        var request = request
        var refusal: BalancerError?
        for position in -1..<places.entries.count {
            // The one drawn, then all others.
            guard let index = position < 0 ? drawn : position, position < 0 || index != drawn else { continue }
            let entry = places.entries[index]
            request.tried = tried[entry.place]
            do throws(BalancerError) {
                return PlacedLease(try entry.balancer.lease(for: request), at: entry.place)
            } catch {
                if refusal == nil || refusal?.reason == .noBackends { refusal = error }
                if error.reason == .saturated, full == nil { full = entry }
                if entry.share > 0, error.reason == .noneAdmitted { replanIfDue(at: request.time) }
            }
        }
        throw refusal ?? BalancerError(.noneAdmitted)
    }
}

/// Leases of the places of one balancer.
struct TieredLeases<Endpoint: Sendable, Rule: Policy>: AttemptLeases {
    private let balancer: TieredBalancer<Endpoint, Rule>
    private var request: PickRequest
    private var tried = TriedPlaces()

    init(_ balancer: TieredBalancer<Endpoint, Rule>, for request: PickRequest) {
        self.balancer = balancer
        self.request = request
    }

    var time: TimeSource { balancer.time }
    var retries: RetryAllowance? { balancer.retries }

    mutating func next() throws(BalancerError) -> Lease<Endpoint> {
        note(try balancer.lease(for: request, avoiding: tried))
    }

    nonisolated(nonsending) mutating func next(
        waitingUntil deadline: Timestamp
    ) async throws(BalancerError) -> Lease<Endpoint> {
        note(try await balancer.lease(for: request, avoiding: tried, waitingUntil: deadline))
    }

    private mutating func note(_ placed: consuming PlacedLease<Endpoint>) -> Lease<Endpoint> {
        tried.insert(placed)
        // A retry happens later; the time of the first pick is not its time.
        request.time = nil
        return placed.lease
    }
}
