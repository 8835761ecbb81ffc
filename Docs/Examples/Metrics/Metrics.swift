import LoadBalancing

/// Does some made-up work and prints what Prometheus would scrape: `swift run Metrics | promtool check metrics`.
@main
struct Metrics {
    static func main() throws {
        let time = ManualTime()
        let balancer = try LoadBalancer(
            policy: .leastConnections, backends: (1...5).map { Backend("10.0.0.\($0):8080") },
            resilience: Resilience(
                slowStart: SlowStart(), outliers: OutlierDetection(), limits: ConcurrencyLimits(perBackend: 10),
                keepsHistograms: true),
            time: .manual(time), seed: 1)
        for number in 0..<1_000 {
            let lease = try balancer.lease()
            time.advance(by: .microseconds(500 + 37 * (number % 100)))
            let fails = lease.id == "10.0.0.3:8080" && number > 500
            lease.finish(fails ? .failure : .success)
        }
        let held = try balancer.lease()
        print(PrometheusText(snapshot: balancer.snapshot()).text, terminator: "")
        held.finish()
    }
}
