import LoadBalancing

/// What a balancer knows, in the text format that Prometheus reads (exposition format 0.0.4).
struct PrometheusText {
    let snapshot: BalancerSnapshot

    /// The whole text.
    var text: String {
        let backends = snapshot.backends
        var lines: [String] = []
        lines += metric("picks_total", "counter", "Leases given.", backends) { [("", "\($0.picks)")] }
        lines += metric("leases_ended_total", "counter", "Leases that ended, by outcome.", backends) {
            [
                (#",outcome="success""#, "\($0.successes)"), (#",outcome="failure""#, "\($0.failures)"),
                (#",outcome="cancelled""#, "\($0.cancellations)"),
            ]
        }
        lines += metric("in_flight", "gauge", "Leases in flight.", backends) { [("", "\($0.inFlight)")] }
        lines += metric("open", "gauge", "Whether new work may come.", backends) {
            [("", $0.admission.gate == .open ? "1" : "0")]
        }
        lines += metric("fraction", "gauge", "The part of its share that a backend gets.", backends) {
            [("", "\($0.admission.fraction)")]
        }
        lines += metric("objection", "gauge", "Who speaks against a backend.", backends) { backend in
            backend.proposals.objections.map { (#",source="\#($0.rawValue)""#, "1") }
        }
        lines += latencies
        lines += common("panic", "Whether so few are healthy that fractions are ignored.", snapshot.isPanicking ? 1 : 0)
        lines += common("waiting", "Those who wait in line for room.", snapshot.waiting)
        return lines.joined(separator: "\n") + "\n"
    }

    private func metric(
        _ name: String, _ type: String, _ help: String, _ backends: [BackendSnapshot],
        _ samples: (BackendSnapshot) -> [(labels: String, value: String)]
    ) -> [String] {
        var lines = ["# HELP load_balancer_\(name) \(help)", "# TYPE load_balancer_\(name) \(type)"]
        for backend in backends {
            for sample in samples(backend) {
                lines.append("load_balancer_\(name){\(label(backend))\(sample.labels)} \(sample.value)")
            }
        }
        return lines
    }

    private func common(_ name: String, _ help: String, _ value: Int) -> [String] {
        [
            "# HELP load_balancer_\(name) \(help)", "# TYPE load_balancer_\(name) gauge",
            "load_balancer_\(name) \(value)",
        ]
    }

    /// A histogram with a bound for each doubling, from 8 µs to a minute: those are bounds of the balancer's own buckets.
    private var latencies: [String] {
        let bounds = stride(from: 7, to: 192, by: 8).map(LatencyHistogram.upperBound(ofBucket:))
        return metric("latency_seconds", "histogram", "How long leases took.", []) { _ in [] }
            + snapshot.backends.flatMap { backend -> [String] in
                guard let latencies = backend.latencies else { return [] }
                let name = "load_balancer_latency_seconds"
                let buckets = bounds.map { bound in
                    #"\#(name)_bucket{\#(label(backend)),le="\#(bound / .seconds(1))"} \#(latencies.count(upTo: bound))"#
                }
                return buckets + [
                    #"\#(name)_bucket{\#(label(backend)),le="+Inf"} \#(latencies.count)"#,
                    "\(name)_sum{\(label(backend))} \(latencies.sum / .seconds(1))",
                    "\(name)_count{\(label(backend))} \(latencies.count)",
                ]
            }
    }

    /// The label that names a backend; backslashes, quotes and line ends are escaped.
    private func label(_ backend: BackendSnapshot) -> String {
        var value = ""
        for character in backend.id {
            switch character {
            case "\\": value += #"\\"#
            case "\"": value += #"\""#
            case "\n": value += #"\n"#
            default: value.append(character)
            }
        }
        return #"backend="\#(value)""#
    }
}
