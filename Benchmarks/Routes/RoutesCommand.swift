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
          query       the same with a method, and the last of three parameters, which has a plus sign
          long        a host of six labels in mixed case with a port, and a path of nine elements: the third is found
          build       making the table, for each route
          allocs      allocations in \(allocationRounds.grouped) of each

        Each cell is the median of the runs ± half of the interquartile range, in nanoseconds.
        Exit codes: 0 fine (also where a goal is missed), 1 something could not be measured or written, 2 wrong usage.
        """
    }

    /// The allocations of one table.
    private struct AllocationRow: Codable {
        let count: Int?
    }

    /// Everything that was measured.
    private struct Results: Encodable {
        let machine: Machine
        let plan: Plan
        let rows: [String: [String: Measurement]]
        let figures: [Figure]
    }

    private static let allocationRounds = 10_000

    private let plan: Plan
    private let counts: [Int]
    private let json: String?
    /// The number of routes, if this is the process that counts allocations.
    private let traced: Int?

    init(_ arguments: inout Arguments) throws {
        plan = arguments.flag("--quick") ? .quick : .full
        json = try arguments.option("--json")
        counts = try arguments.numbers("--routes", in: 1...100_000) ?? [10, 100, 1_000, 10_000]
        traced = arguments.flag("--traced") ? try arguments.numbers("--only", in: 1...100_000)?.first : nil
    }

    func run() throws {
        if let traced { return try Report.write([AllocationRow(count: try Self.allocations(traced))], to: json ?? "-") }
        let progress = Progress()
        var table = Table(["routes"] + RouteRequests.all(1).map(\.name) + ["build", "allocs"])
        var rows: [String: [String: Measurement]] = [:]
        var slowest: [(Int, Double?)] = []
        var allocations: [(Int, Double?)] = []
        for count in counts {
            progress.show("\(count.grouped) routes")
            let row = try measure(count)
            let allocated = try AllocationTrace.rows(of: Self.name, only: "\(count)", as: AllocationRow.self).first?
                .count
            rows["\(count)"] = Dictionary(row) { first, _ in first }
            table.add([count.grouped] + row.map(\.1.cell) + [allocated?.grouped ?? "–"])
            slowest.append((count, row.dropLast().map(\.1.median).max()))
            allocations.append((count, allocated.map { Double($0) }))
        }
        progress.clear()
        let figures = [
            Figure("slowest, routes", goal: 200, unit: "ns", values: slowest),
            Figure("allocations, routes", goal: 0, unit: "", values: allocations),
        ]
        print("$ \(Report.command)\n\n\(table.text)\n\n\(Figure.text(of: figures))")
        guard let json else { return }
        try Report.write(Results(machine: .current, plan: plan, rows: rows, figures: figures), to: json)
    }

    private func measure(_ count: Int) throws -> [(String, Measurement)] {
        let stopwatch = Stopwatch(plan: plan)
        let routes = RouteRequests.routes(count)
        let specific = try RouteTable(routes)
        let first = try RouteTable(routes, precedence: .firstMatch)
        let requests = RouteRequests.all(count)
        let build = stopwatch.measure { rounds, _ in
            (0..<rounds).reduce(0) { sum, _ in sum &+ UInt64((try? RouteTable(routes))?.routes.count ?? 0) }
        }
        return requests.map { name, precedence, request in
            let table = precedence == .firstMatch ? first : specific
            return (name, stopwatch.measure { rounds, _ in find(request, in: table, rounds) })
        } + [
            ("build", Measurement(runs: build.runs.map { $0 / Double(count) }))
        ]
    }

    /// Allocations of finding each kind of route, without what the first time makes for good.
    private static func allocations(_ count: Int) throws -> Int? {
        guard AllocationTrace.isTrustworthy else { return nil }
        let routes = RouteRequests.routes(count)
        let tables = try RoutePrecedence.allCases.map { ($0, try RouteTable(routes, precedence: $0)) }
        let requests = RouteRequests.all(count)
        func findAll(_ rounds: Int) {
            for (precedence, table) in tables {
                for request in requests where request.precedence == precedence {
                    Sink.take(find(request.request, in: table, rounds))
                }
            }
        }
        findAll(10)
        return AllocationTrace.count { findAll(allocationRounds) }
    }
}

@inline(never)
private func find(_ request: RouteRequest, in table: RouteTable<Int>, _ count: Int) -> UInt64 {
    var sum: UInt64 = 0
    for _ in 0..<count { sum &+= UInt64(truncatingIfNeeded: table.index(for: request) ?? -1) }
    return sum
}
