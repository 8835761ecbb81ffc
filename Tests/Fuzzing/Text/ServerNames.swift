import LoadBalancing

/// Servers by name, weight and dialect: a ring or an error, and an owner for every key.
enum ServerNames {
    private static let dialects = RingDialect.named

    static func faults(_ bytes: [UInt8]) -> [String] {
        var reader = ByteReader(bytes)
        let dialect = dialects[Int(reader.byte() ?? 0) % dialects.count]
        var names: [WeightedName] = []
        while names.count < 4, let weight = reader.byte(), let count = reader.byte() {
            names.append(WeightedName(String(decoding: reader.take(Int(count)), as: UTF8.self), weight: Int(weight)))
        }
        do throws(HashTableError) {
            let ring = try HashRing(names, dialect: dialect)
            let isEmpty = names.allSatisfy { $0.weight == 0 }
            let hash = ring.hash(ofKey: names.first?.name ?? "")
            let owner = ring.backend(for: hash) { names[$0].weight > 0 }
            if isEmpty != (owner == nil) { return ["\(dialect.name): owner \(owner.map(String.init) ?? "missing")"] }
        } catch {
            if error.description.isEmpty { return ["an error without a text"] }
        }
        return []
    }
}
