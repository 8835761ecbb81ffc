import LoadBalancing

/// How the picks of one program are recomputed.
protocol Recipe {
    /// What recomputes them, for the table.
    var title: String { get }
    /// Whether picks are made for keys.
    var needsKeys: Bool { get }

    /// Recomputes a case's picks and sets them against those of the program.
    func compare(_ vector: VectorCase, name: String, keys: [String]) throws(VectorError) -> Comparison
}

extension VectorCase {
    /// A member that the program's cases have to have.
    func required<Value>(_ value: Value?, _ name: String) throws(VectorError) -> Value {
        guard let value else { throw VectorError("\"\(name)\" is missing") }
        return value
    }

    /// The servers with their weights.
    func servers() throws(VectorError) -> [WeightedName] {
        let endpoints = try required(endpoints, "endpoints")
        let weights = try required(weights, "weights")
        guard endpoints.count == weights.count else {
            throw VectorError("\(endpoints.count) endpoints, but \(weights.count) weights")
        }
        return zip(endpoints, weights).map { WeightedName($0, weight: $1) }
    }

    /// Which servers are up.
    func up(of count: Int) throws(VectorError) -> [Bool] {
        var up = [Bool](repeating: true, count: count)
        for position in down ?? [] {
            guard up.indices.contains(position) else {
                throw VectorError("server \(position) is down, but there are \(count)")
            }
            up[position] = false
        }
        return up
    }

    /// Sets picks for keys against the case's.
    func compare(
        _ name: String, keys: [String], servers: Int, _ pick: (String) -> Int?
    ) throws(VectorError) -> Comparison {
        let expected = try required(self.pick, "pick")
        guard expected.count == keys.count else { throw VectorError("\(keys.count) keys, but \(expected.count) picks") }
        try Self.check(expected, servers: servers)
        var comparison = Comparison()
        for (key, expected) in zip(keys, expected) {
            comparison.compare(name, key: "key \"\(key)\"", expected: expected, got: pick(key))
        }
        return comparison
    }

    /// Sets picks without keys against the case's.
    func compareOrder(_ name: String, servers: Int, _ pick: () -> Int?) throws(VectorError) -> Comparison {
        let order = try required(order, "order")
        try Self.check(order, servers: servers)
        var comparison = Comparison()
        for (turn, expected) in order.enumerated() {
            comparison.compare(name, key: "pick \(turn)", expected: expected, got: pick())
        }
        return comparison
    }

    private static func check(_ picks: [Int?], servers: Int) throws(VectorError) {
        for case let pick? in picks where !(0..<servers).contains(pick) {
            throw VectorError("server \(pick) was picked, but there are \(servers)")
        }
    }
}
