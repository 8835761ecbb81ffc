/// Leases for the attempts at one piece of work, each on a backend that the work was not tried on: what repeating work
/// asks of a balancer, be it one pool or many places.
protocol AttemptLeases<Endpoint>: Sendable {
    associatedtype Endpoint: Sendable

    /// The balancer's clock.
    var time: TimeSource { get }
    /// What is left of its retry budget; `nil` if there is none to keep.
    var retries: RetryAllowance? { get }

    /// A lease for the next attempt.
    mutating func next() throws(BalancerError) -> Lease<Endpoint>

    /// A lease for the next attempt, waited for in line where there is no room.
    nonisolated(nonsending) mutating func next(
        waitingUntil deadline: Timestamp
    ) async throws(BalancerError) -> Lease<Endpoint>
}

/// Leases of one balancer.
struct BalancerLeases<Endpoint: Sendable, Rule: Policy>: AttemptLeases {
    private let balancer: Balancer<Endpoint, Rule>
    private var request: PickRequest

    init(_ balancer: Balancer<Endpoint, Rule>, for request: PickRequest) {
        self.balancer = balancer
        self.request = request
    }

    var time: TimeSource { balancer.time }
    var retries: RetryAllowance? { balancer.retries }

    mutating func next() throws(BalancerError) -> Lease<Endpoint> {
        let lease = try balancer.lease(for: request)
        note(lease.slotID)
        return lease
    }

    nonisolated(nonsending) mutating func next(
        waitingUntil deadline: Timestamp
    ) async throws(BalancerError) -> Lease<Endpoint> {
        let lease = try await balancer.lease(for: request, waitingUntil: deadline)
        note(lease.slotID)
        return lease
    }

    private mutating func note(_ slotID: UInt32) {
        request.tried.insert(slotID)
        // A retry happens later; the time of the first pick is not its time.
        request.time = nil
    }
}
