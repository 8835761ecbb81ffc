import LoadBalancing

/// `Benchmarks routes`: what it costs to find the route of a request.
struct RoutesCommand: Subcommand {
    static let name = "routes"
    static let summary = "nanoseconds to find the route of a request by host and path"

    static var help: String {
        """
        Measures how long a RouteTable takes to find a request's route.

        usage: Benchmarks routes [options]

          --routes 10,100,...  numbers of routes (10,100,1000,10000)
          --quick              5 runs of 3 ms instead of 7 of 12 ms
          --json FILE          write all figures as JSON
          --help               this text

        columns:
          exact       an exact host and an exact path
          prefix      a wildcard host and the third element of a path of five
          first       the same where the first match counts
          none        a host and a path that no route has, down to the one for everything
          header      an exact host and path, and a header
          build       making the table, for each route

        Each cell is the median of the runs ± half of the interquartile range, in nanoseconds.
        Exit codes: 0 fine, 1 something could not be measured or written, 2 wrong usage.
        """
    }

    /// Everything that was measured.
    private struct Results: Encodable {
        let machine: Machine
        let plan: Plan
        let rows: [String: [Measurement]]
    }

    private let plan: Plan
    private let counts: [Int]
    private let json: String?

    init(_ arguments: inout Arguments) throws {
        plan = arguments.flag("--quick") ? .quick : .full
        json = try arguments.option("--json")
        counts = try arguments.numbers("--routes", in: 1...100_000) ?? [10, 100, 1_000, 10_000]
    }

    func run() throws {
        let progress = Progress()
        var table = Table(["routes", "exact", "prefix", "first", "none", "header", "build"])
        var rows: [String: [Measurement]] = [:]
        for count in counts {
            progress.show("\(count.grouped) routes")
            let row = try measure(count)
            rows["\(count)"] = row
            table.add([count.grouped] + row.map(\.cell))
        }
        progress.clear()
        print("$ \(Report.command)\n\n\(table.text)")
        guard let json else { return }
        try Report.write(Results(machine: .current, plan: plan, rows: rows), to: json)
    }

    private func measure(_ count: Int) throws -> [Measurement] {
        let stopwatch = Stopwatch(plan: plan)
        let routes = Self.routes(count)
        let specific = try RouteTable(routes)
        let first = try RouteTable(routes, precedence: .firstMatch)
        let middle = count / 2
        let exact = RouteRequest(host: "h\(middle).example.com", target: "/service\(middle)/status?verbose=1")
        let prefix = RouteRequest(host: "x.w\(middle).example.com", target: "/service/v1/x\(middle)/items/7")
        let none = RouteRequest(host: "www.example.org", target: "/service/v1/x/items/7")
        let header = RouteRequest(
            host: "h\(middle).example.com", target: "/beta\(middle)", headers: ["x-beta": "1"])
        return [
            stopwatch.measure { count, _ in find(exact, in: specific, count) },
            stopwatch.measure { count, _ in find(prefix, in: specific, count) },
            stopwatch.measure { count, _ in find(prefix, in: first, count) },
            stopwatch.measure { count, _ in find(none, in: specific, count) },
            stopwatch.measure { count, _ in find(header, in: specific, count) },
            Measurement(
                runs: stopwatch.measure { count, _ in
                    (0..<count).reduce(0) { sum, _ in sum &+ UInt64((try? RouteTable(routes))?.routes.count ?? 0) }
                }.runs.map { $0 / Double(count) }),
        ]
    }

    /// Three rules for each of `count` routes, and one for everything.
    private static func routes(_ count: Int) -> [Route<Int>] {
        (0..<count).map { number in
            Route(
                "route \(number)",
                hosts: [
                    HostPattern(stringLiteral: "h\(number).example.com"),
                    HostPattern(stringLiteral: "*.w\(number).example.com"),
                ],
                matches: [
                    RouteMatch(path: .exact("/service\(number)/status")),
                    RouteMatch(path: .prefix("/service/v1/x\(number)")),
                    RouteMatch(path: .exact("/beta\(number)"), headers: [.equals("x-beta", "1")]),
                ],
                to: number)
        } + [Route("rest", to: -1)]
    }
}

@inline(never)
private func find(_ request: RouteRequest, in table: RouteTable<Int>, _ count: Int) -> UInt64 {
    var sum: UInt64 = 0
    for _ in 0..<count { sum &+= UInt64(truncatingIfNeeded: table.route(for: request)?.name.utf8.count ?? 0) }
    return sum
}
