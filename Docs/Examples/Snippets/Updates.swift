import LoadBalancing

/// A new set, by hand.
func replace(in balancer: LoadBalancer<String>) throws {
    try balancer.update([Backend("10.0.0.2:8080", weight: 2), Backend("10.0.0.3:8080")])
}

/// New sets as a service discovery finds them.
func follow(
    _ discovered: AsyncStream<[String]>, balancer: LoadBalancer<String>
) async throws {
    try await balancer.follow(discovered.map { addresses in addresses.map { Backend($0) } })
}

/// A server that goes down for maintenance, and comes back.
func maintain(_ balancer: LoadBalancer<String>) {
    balancer.setAdmission(Admission(gate: .draining), for: "10.0.0.2:8080")
    // … until balancer.snapshot() shows nothing in flight; the server is restarted; then a tenth of its share at first:
    balancer.setAdmission(Admission(fraction: 0.1), for: "10.0.0.2:8080")
    balancer.setAdmission(.full, for: "10.0.0.2:8080")
}
