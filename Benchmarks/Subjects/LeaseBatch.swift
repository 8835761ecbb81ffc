import LoadBalancing

/// Leases that are taken together and ended together.
///
/// Invariant: the first `count` of `capacity` leases are initialised.
@safe
struct LeaseBatch: ~Copyable {
    private let leases: UnsafeMutablePointer<Lease<Int>>
    private let capacity: Int
    private var count = 0

    init(capacity: Int) {
        self.capacity = capacity
        unsafe leases = .allocate(capacity: capacity)
    }

    deinit {
        unsafe leases.deinitialize(count: count)
        unsafe leases.deallocate()
    }

    /// Takes as many leases as there is room for, or as the balancer gives.
    mutating func fill<Rule: Policy, Requests: RequestSource>(
        from balancer: Balancer<Int, Rule>, _ requests: Requests.Type
    ) {
        while count < capacity, let lease = try? balancer.lease(for: next(requests)) { add(lease) }
    }

    /// Takes as many leases as there is room for, or as the worker gives.
    mutating func fill<Rule: Policy, Requests: RequestSource>(
        from worker: inout BalancerWorker<Int, Rule>, _ requests: Requests.Type
    ) {
        while count < capacity, let lease = try? worker.lease(for: next(requests)) { add(lease) }
    }

    private func next<Requests: RequestSource>(_ requests: Requests.Type) -> PickRequest {
        let time = Timestamp(nanoseconds: 1_000_000_000 + UInt64(count) * 200)
        return Requests.request(mixed(UInt64(count)), at: time)
    }

    private mutating func add(_ lease: consuming Lease<Int>) {
        unsafe (leases + count).initialize(to: lease)
        count += 1
    }

    /// Ends all of them.
    mutating func finish() {
        while count > 0 {
            count -= 1
            let lease = unsafe (leases + count).move()
            lease.finish(.success, at: Timestamp(nanoseconds: 1_001_000_000))
        }
    }
}
