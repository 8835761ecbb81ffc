import LoadBalancing

/// What gives a loop its leases: laid out in the loop, as in a program that knows its policy.
protocol LeaseSource: ~Copyable {
    mutating func lease(for request: PickRequest) throws(BalancerError) -> Lease<Int>
}

/// A balancer that other threads may use meanwhile.
struct SharedLeases<Rule: Policy>: LeaseSource {
    let balancer: Balancer<Int, Rule>

    @inline(__always)
    func lease(for request: PickRequest) throws(BalancerError) -> Lease<Int> {
        try balancer.lease(for: request)
    }
}

extension BalancerWorker: LeaseSource where Endpoint == Int {}
