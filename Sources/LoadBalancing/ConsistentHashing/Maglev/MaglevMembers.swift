/// The backends of a ``MaglevTable``, checked, and in an order that does not depend on how they were listed.
struct MaglevMembers: Sendable {
    let backends: [WeightedName]
    /// ``XXH64`` of each backend's name.
    let hashes: [UInt64]
    /// The indices of those that have a weight, by hash and, where hashes are equal, by name.
    let line: [Int]

    init(_ backends: some Collection<WeightedName>) throws(MaglevTableError) {
        let backends = Array(backends)
        let hashes = backends.map { XXH64.hash($0.name) }
        let sorted = backends.indices.sorted {
            (hashes[$0], backends[$0].name) < (hashes[$1], backends[$1].name)
        }
        for (one, next) in zip(sorted, sorted.dropFirst())
        where hashes[one] == hashes[next] && backends[one].name == backends[next].name {
            throw MaglevTableError(.duplicateName, name: backends[one].name)
        }
        for backend in backends where !(0...BackendSetError.maximumWeight ~= backend.weight) {
            throw MaglevTableError(.weightOutOfRange(backend.weight), name: backend.name)
        }
        self.backends = backends
        self.hashes = hashes
        line = sorted.filter { backends[$0].weight > 0 }
    }

    var racers: [MaglevRacer] {
        line.map { index in
            MaglevRacer(
                identity: hashes[index], slowness: 1 / Float(backends[index].weight),
                index: UInt32(truncatingIfNeeded: index))
        }
    }
}
