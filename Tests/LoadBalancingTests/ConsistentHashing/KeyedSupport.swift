@testable import LoadBalancing

/// A table whose orders a test writes down: a key's order is that of its number, modulo theirs.
struct ListedOrders: ConsistentHash {
    let backendCount: Int
    let orders: [[Int]]

    init(_ orders: [Int]...) {
        self.orders = orders
        backendCount = orders.joined().max().map { $0 + 1 } ?? 0
    }

    func backend(for keyHash: UInt64) -> Int? {
        backend(for: keyHash) { _ in true }
    }

    func backend(for keyHash: UInt64, where accepts: (Int) -> Bool) -> Int? {
        orders.isEmpty ? nil : orders[Int(keyHash % UInt64(orders.count))].first(where: accepts)
    }
}

extension WeightedName {
    /// Backends that look like servers.
    static func servers(_ weights: [Int]) -> [WeightedName] {
        weights.enumerated().map { WeightedName("10.0.\($0 / 256).\($0 % 256):8080", weight: $1) }
    }

    /// Backends of weight 1.
    static func servers(_ count: Int) -> [WeightedName] {
        servers(Array(repeating: 1, count: count))
    }
}

extension ScriptedPool {
    /// A pool of named backends.
    convenience init(_ backends: [WeightedName], admissions: [Admission] = []) {
        self.init(weights: backends.map(\.weight), admissions: admissions, ids: backends.map(\.name))
    }

    /// The backends that one request is sent to, one after another, each attempt failing.
    func walk<P: Picker>(with picker: inout P, key: UInt64?) -> [Int] {
        var request = PickRequest(keyHash: key)
        var walk: [Int] = []
        while walk.count <= 2 * pool().count, let index = pick(with: &picker, for: request) {
            walk.append(index)
            request.tried.insert(slotID(at: index))
        }
        return walk
    }
}

/// Key hashes, well mixed.
func keyHashes(_ count: Int, seed: UInt64 = 77) -> [UInt64] {
    var random = SeededGenerator(seed: seed)
    return (0..<count).map { _ in random.next() }
}
