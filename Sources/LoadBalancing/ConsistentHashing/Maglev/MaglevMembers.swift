/// The backends of a ``MaglevTable``, checked, and in an order that does not depend on how they were listed.
struct MaglevMembers: Sendable {
    let backends: [WeightedName]
    /// ``XXH64`` of each backend's name.
    let hashes: [UInt64]
    /// What places the backends instead of their names, if it was given.
    let given: [UInt64]?
    /// The indices of those that have a weight, by hash and, where hashes are equal, by name.
    let line: [Int]

    init(_ backends: some Collection<WeightedName>, given: [UInt64]? = nil) throws(MaglevTableError) {
        let backends = Array(backends)
        let hashes = backends.map { XXH64.hash($0.name) }
        let sorted = backends.indices.sorted { one, other in
            hashes[one] == hashes[other] ? backends[one].name < backends[other].name : hashes[one] < hashes[other]
        }
        for (one, next) in zip(sorted, sorted.dropFirst())
        where hashes[one] == hashes[next] && backends[one].name == backends[next].name {
            throw MaglevTableError(.duplicateName, name: backends[one].name)
        }
        for backend in backends where !(0...BackendSetError.maximumWeight ~= backend.weight) {
            throw MaglevTableError(.weightOutOfRange(backend.weight), name: backend.name)
        }
        self.backends = backends
        self.given = given
        self.hashes = hashes
        line = sorted.filter { backends[$0].weight > 0 }
    }

    /// No backends.
    init() {
        (backends, hashes, given, line) = ([], [], nil, [])
    }

    /// The indices of those that have a weight, by the bytes of their names.
    var byName: [Int] {
        // Swift's order of ASCII texts is that of their bytes, and many times faster than a loop over them.
        if backends.allSatisfy({ $0.name.utf8.allSatisfy { $0 < 0x80 } }) {
            return line.sorted { backends[$0].name < backends[$1].name }
        }
        return line.sorted { backends[$0].name.utf8.lexicographicallyPrecedes(backends[$1].name.utf8) }
    }

    /// Whether `index` is that of a backend that has a weight.
    func hasWeight(_ index: Int) -> Bool {
        backends.indices.contains(index) && backends[index].weight > 0
    }

    /// What each backend's number is in another set; ``MaglevRepair/none`` where it is not there or has no weight.
    func numbers(in other: MaglevMembers) -> [UInt32] {
        var numbers = Array(repeating: MaglevRepair.none, count: backends.count)
        var position = 0
        for index in line {
            while position < other.line.count, other.precedes(other.line[position], self, index) { position += 1 }
            guard position < other.line.count else { break }
            if !precedes(index, other, other.line[position]) {
                numbers[index] = UInt32(truncatingIfNeeded: other.line[position])
            }
        }
        return numbers
    }

    /// Whether a backend stands before one of another set on the line.
    private func precedes(_ index: Int, _ other: MaglevMembers, _ otherIndex: Int) -> Bool {
        let (hash, otherHash) = (hashes[index], other.hashes[otherIndex])
        return hash == otherHash ? backends[index].name < other.backends[otherIndex].name : hash < otherHash
    }

    var racers: [MaglevRacer] {
        line.map { index in
            MaglevRacer(
                identity: hashes[index], slowness: 1 / Float(backends[index].weight),
                index: UInt32(truncatingIfNeeded: index))
        }
    }
}
