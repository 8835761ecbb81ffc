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
