import LoadBalancing

/// A ``HashRing`` in the dialect that a case asks for.
struct RingRecipe: Recipe {
    let title: String
    /// Whether the program walks on where servers are down, as our ring does.
    var knowsDown = false
    let dialect: (VectorCase) throws(VectorError) -> RingDialect

    var needsKeys: Bool { true }

    func compare(_ vector: VectorCase, name: String, keys: [String]) throws(VectorError) -> Comparison {
        let servers = try vector.servers()
        guard knowsDown || vector.down == nil else { throw VectorError("\"down\" means nothing to this program's ring") }
        let up = try vector.up(of: servers.count)
        let dialect = try dialect(vector)
        let ring: HashRing
        do throws(HashTableError) {
            ring = try HashRing(servers, dialect: dialect)
        } catch {
            throw VectorError(error.description)
        }
        var comparison = try vector.compare(name, keys: keys, servers: servers.count) { key in
            let hash = ring.hash(ofKey: key)
            return vector.down == nil ? ring.backend(for: hash) : ring.backend(for: hash, where: { up[$0] })
        }
        if let points = vector.points {
            comparison.compare(name, key: "points", expected: points, got: ring.pointCount)
        }
        return comparison
    }
}
