import LoadBalancing

/// What clients and servers write into requests and answers: cookies, client subnets, load reports, hosts and paths.
enum RequestTexts {
    static func faults(_ bytes: [UInt8]) -> [String] {
        let text = String(decoding: bytes, as: UTF8.self)
        return cookies(text) + subnet(bytes) + report(bytes, text) + prefix(text) + route(text)
    }

    /// Whoever has a cookie made it with our key, and one that was taken out is gone.
    private static func cookies(_ text: String) -> [String] {
        guard let affinity else { return ["no cookie can be made"] }
        var faults: [String] = []
        if let value = affinity.cookie.value(in: text), let token = try? affinity.sealer.open(value),
            (try? affinity.sealer.seal(token)) != String(value)
        {
            faults.append("a token that is written in two ways: \(value)")
        }
        if let rest = affinity.cookie.removed(from: text), affinity.cookie.value(in: rest) != nil {
            faults.append("a cookie that stays: \(text)")
        }
        // A token with some bytes changed is none, or the same.
        let token = SessionToken(pool: "web", backend: 7, firstUse: 1, lastUse: 2)
        if let sealed = try? affinity.sealer.seal(token) {
            var changed = Array(sealed.utf8)
            for (place, byte) in text.utf8.prefix(8).enumerated() {
                changed[(place * 31 + Int(byte)) % changed.count] ^= byte
            }
            if changed != Array(sealed.utf8),
                let opened = try? affinity.sealer.open(String(decoding: changed, as: UTF8.self))
            {
                faults.append("a forged token: \(opened)")
            }
        }
        return faults
    }

    private static let affinity: SessionAffinity? = try? SessionAffinity(
        sealer: TokenSealer(service: "fuzz", key: .sipHash(id: "k", key: SipKey(1, 2)), opaqueKey: SipKey(3, 4)),
        cookie: StickyCookie(name: "lb"))

    /// A subnet is written as it was read.
    private static func subnet(_ bytes: [UInt8]) -> [String] {
        guard let subnet = try? ClientSubnet(query: bytes), subnet.queryData != bytes else { return [] }
        return ["a client subnet comes back as \(subnet.queryData)"]
    }

    private static func report(_ bytes: [UInt8], _ text: String) -> [String] {
        let reports = [
            UtilizationReport(message: bytes), UtilizationReport(header: text),
            UtilizationReport(header: "TEXT " + text),
            UtilizationReport(header: "JSON " + text), UtilizationReport(header: "BIN " + text),
        ]
        return reports.compactMap(\.self).flatMap { report in
            [
                report.applicationUtilization, report.cpuUtilization, report.requestsPerSecond, report.errorsPerSecond,
            ].filter { !($0 >= 0 && $0.isFinite) }.map { "\($0) in a report" }
        }
    }

    private static func prefix(_ text: String) -> [String] {
        guard let prefix = NetworkPrefix(text), NetworkPrefix(prefix.description) != prefix else { return [] }
        return ["NetworkPrefix: \(text)"]
    }

    /// The index finds what a walk over all rules does.
    private static func route(_ text: String) -> [String] {
        let parts = text.split(separator: "\n", maxSplits: 2, omittingEmptySubsequences: false).map(String.init)
        let request = RouteRequest(
            method: parts.count > 2 ? parts[2] : "GET", host: parts[0], target: parts.count > 1 ? parts[1] : parts[0])
        return tables.flatMap { table -> [String] in
            let plain = table.explain(request).first { $0.hasSuffix(": matches") }?.dropLast(": matches".count)
            return table.route(for: request)?.name == plain.map(String.init) ? [] : ["a route for \(request)"]
        }
    }

    private static let tables: [RouteTable<Int>] = RoutePrecedence.allCases.compactMap { precedence in
        let hosts: [[HostPattern]] = [["a.b"], ["*.b"], ["*.a.b", "c"], []]
        let matches = [
            RouteMatch(path: .exact("/")), RouteMatch(path: .exact("/a/bcdefgh/")), RouteMatch(path: .prefix("/a")),
            RouteMatch(path: .prefix("/a/bcdefgh"), query: [.equals("q", "1 2")]), RouteMatch(method: "PUT"),
            RouteMatch(query: [ValueMatch("x", .isPresent)]),
        ]
        let routes = hosts.enumerated().flatMap { host, hosts in
            matches.enumerated().map { Route("\(host) \($0)", hosts: hosts, matches: [$1], to: 0) }
        }
        return try? RouteTable(routes, precedence: precedence)
    }
}
