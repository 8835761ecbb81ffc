import Foundation
import LoadBalancing

/// Says how a balancer is, as Prometheus wants to hear it: `swift run Metrics | promtool check metrics`.
@main
struct Metrics {
    static let usage = """
        usage: Metrics [--serve]

        Does some made-up work and prints what Prometheus would scrape. With --serve it goes on working, and tells at
        http://127.0.0.1:PORT/metrics; the port is a free one, and is printed.

        exit status: 0 done; 1 something failed; 2 wrong use
        """

    static func main() throws {
        switch Array(CommandLine.arguments.dropFirst()) {
        case []: try printOnce()
        case ["--serve"]: try serve()
        case ["--help"]: print(usage)
        default:
            FileHandle.standardError.write(Data("\(usage)\n".utf8))
            exit(2)
        }
    }

    private static func balancer(_ time: TimeSource) throws -> LoadBalancer<String> {
        try LoadBalancer(
            policy: .leastConnections, backends: (1...5).map { Backend("10.0.0.\($0):8080") },
            resilience: Resilience(
                slowStart: SlowStart(), outliers: OutlierDetection(), limits: ConcurrencyLimits(perBackend: 10),
                keepsHistograms: true),
            time: time, seed: 1)
    }

    private static func printOnce() throws {
        let time = ManualTime()
        let balancer = try balancer(.manual(time))
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

    private static func serve() throws {
        let balancer = try balancer(.system)
        let page = MetricsPage { PrometheusText(snapshot: balancer.snapshot()).text }
        let server = try MetricsServer(page)
        FileHandle.standardOutput.write(Data("\(server.port)\n".utf8))
        Thread.detachNewThread { server.run() }
        for number in 0... {
            guard let lease = try? balancer.lease() else { continue }
            Thread.sleep(forTimeInterval: 0.001)
            let fails = lease.id == "10.0.0.3:8080" && number % 7 == 0
            lease.finish(fails ? .failure : .success)
        }
    }
}
