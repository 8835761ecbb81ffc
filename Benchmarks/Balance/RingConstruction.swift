import LoadBalancing

/// Points on a circle.
struct RingConstruction: Construction {
    let name: String
    let dialect: RingDialect
    /// The bits of its points.
    let bits: Int
    var rebuildsOnFailure = false

    func build(_ backends: [WeightedName]) throws -> HashRing { try HashRing(backends, dialect: dialect) }

    /// The arcs, by asking for the point of a key, then for that of the key behind it, and so on.
    ///
    /// Of 64 bits the low 24 are passed over: the package's own dialect does not look at them.
    func pieces(of ring: HashRing) -> KeyPieces? {
        let last = bits == 32 ? UInt64(UInt32.max) : .max
        let grain: UInt64 = bits == 32 ? 0 : 0xFF_FFFF
        var keys: [UInt64] = []
        var parts: [Double] = []
        var start: UInt64 = 0
        while let point = ring.point(for: start)?.point {
            // The first point's arc goes over the end of the circle.
            let end = point < start ? last : point | grain
            keys.append(start)
            parts.append(Double(end - start) + 1)
            guard end < last else { break }
            start = end + 1
        }
        return .arcs(keys, parts: parts)
    }
}
