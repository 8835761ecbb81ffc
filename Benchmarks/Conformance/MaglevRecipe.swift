import LoadBalancing

/// A ``MaglevTable`` in Envoy's dialect, of the size that a case asks for.
struct MaglevRecipe: Recipe {
    var title: String { "MaglevTable, Envoy's dialect" }
    var needsKeys: Bool { true }

    func compare(_ vector: VectorCase, name: String, keys: [String]) throws(VectorError) -> Comparison {
        let servers = try vector.servers()
        guard vector.down == nil else { throw VectorError("\"down\" means nothing to this program's table") }
        let size = try vector.required(vector.tableSize, "table_size")
        let table: MaglevTable
        do throws(MaglevTableError) {
            table = try MaglevTable(servers, dialect: .envoy(size: size))
        } catch {
            throw VectorError(error.description)
        }
        return try vector.compare(name, keys: keys, servers: servers.count) { table.backend(forKey: $0) }
    }
}

/// Whole tables of ``MaglevTable`` in Katran's dialects, slot by slot.
struct KatranRecipe: Recipe {
    var title: String { "MaglevTable, Katran's dialects" }
    var needsKeys: Bool { false }

    func compare(_ vector: VectorCase, name: String, keys: [String]) throws(VectorError) -> Comparison {
        let weights = try vector.required(vector.weight, "weight")
        let hashes = try Self.hashes(vector.required(vector.hash, "hash"))
        guard hashes.count == weights.count else {
            throw VectorError("\(hashes.count) hashes, but \(weights.count) weights")
        }
        guard vector.num == nil || vector.num == "0..<\(weights.count)" else {
            throw VectorError("endpoints are not numbered by their positions, but \(vector.num ?? "")")
        }
        let endpoints = weights.enumerated().map { WeightedName("\($0.offset)", weight: $0.element) }
        var comparison = Comparison()
        for expected in try vector.required(vector.tables, "tables") {
            let dialect = try Self.dialect(of: expected)
            let got: MaglevTable
            do throws(MaglevTableError) {
                got = try MaglevTable(endpoints, hashes: hashes, dialect: dialect)
            } catch {
                throw VectorError(error.description)
            }
            try Self.compare(expected, got, name, &comparison)
        }
        return comparison
    }

    private static func compare(
        _ expected: VectorTable, _ got: MaglevTable, _ name: String, _ comparison: inout Comparison
    ) throws(VectorError) {
        let name = "\(name), version \(expected.version), size \(expected.size)"
        let owners = got.owners
        let first = expected.first ?? []
        guard first.count <= expected.size else { throw VectorError("\(first.count) slots of \(expected.size)") }
        for (slot, owner) in first.enumerated() {
            comparison.compare(
                name, key: "slot \(slot)", expected: owner, got: owners.indices.contains(slot) ? owners[slot] : nil)
        }
        if let counts = expected.count {
            guard counts.count == got.backendCount else {
                throw VectorError("\(got.backendCount) endpoints, but \(counts.count) counts")
            }
            for (index, (count, gotCount)) in zip(counts, got.slotCounts).enumerated() {
                comparison.compare(name, key: "slots of \(index)", covering: 0, expected: count, got: gotCount)
            }
        }
        let bytes = owners.flatMap { owner in (0..<4).map { UInt8(truncatingIfNeeded: owner >> (8 * $0)) } }
        comparison.compare(
            name, key: "SHA-256 of the table", covering: expected.size - first.count, expected: expected.digest,
            got: SHA256.hexadecimal(bytes))
    }

    private static func dialect(of table: VectorTable) throws(VectorError) -> MaglevDialect {
        switch table.version {
        case 1: .katran(.v1, size: table.size)
        case 2: .katran(.v2, size: table.size)
        default: throw VectorError("Katran has no version \(table.version)")
        }
    }

    private static func hashes(_ texts: [String]) throws(VectorError) -> [UInt64] {
        var hashes: [UInt64] = []
        for text in texts {
            guard text.first?.isHexDigit == true, let hash = UInt64(text, radix: 16) else {
                throw VectorError("the hash \"\(text)\" is not a number of 64 bits in hexadecimal")
            }
            hashes.append(hash)
        }
        return hashes
    }
}
