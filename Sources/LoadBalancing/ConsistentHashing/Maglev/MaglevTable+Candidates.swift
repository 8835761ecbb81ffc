/// Whom a key goes to when its owner may not take it.
extension MaglevTable {
    /// The first backend in the key's order that `accepts` takes; `nil` if it takes none.
    ///
    /// The order is the key's own and follows from the key and the table alone: whoever refuses the same backends sends the
    /// key to the same one, in whatever order they failed. Behind the owner come the owners of further slots, drawn by the
    /// key's hash, so that the refused backends' keys go to the others by weight; and in the end all backends.
    ///
    /// - Complexity: O(1) while most backends are accepted, O(n) at worst.
    @inlinable
    public func backend(for keyHash: UInt64, where accepts: (Int) -> Bool) -> Int? {
        let slot = reduction.slot(of: keyHash)
        guard let owner = ownerTable[slot] else { return nil }
        if accepts(owner) { return owner }
        if let second = secondTable[slot], second != owner, accepts(second) { return second }
        return laterChoice(for: keyHash, where: accepts)
    }

    /// The number of slots drawn for a key before all backends are asked.
    ///
    /// With half of the backends refused 1 key in 2⁶⁴ comes so far, with 95 of 100 refused 1 in 27.
    @inlinable static var draws: Int { 64 }

    @inlinable
    func laterChoice(for keyHash: UInt64, where accepts: (Int) -> Bool) -> Int? {
        var random = SeededGenerator(seed: keyHash)
        for _ in 0..<Self.draws {
            let slot = random.next(below: UInt64(truncatingIfNeeded: ownerTable.count))
            if let candidate = ownerTable[slot], accepts(candidate) { return candidate }
        }
        return winner(for: keyHash, where: accepts)
    }

    /// The accepted backend that wins the key's race: weighted rendezvous hashing, which needs no table.
    @inlinable
    func winner(for keyHash: UInt64, where accepts: (Int) -> Bool) -> Int? {
        var best: Int?
        var bestTime = Float.infinity
        for position in 0..<racers.count {
            let racer = racers[position]
            var random = SeededGenerator(seed: keyHash ^ racer.identity)
            let time = random.nextExponential() * racer.slowness
            if time < bestTime || best == nil, accepts(Int(racer.index)) {
                best = Int(racer.index)
                bestTime = time
            }
        }
        return best
    }
}

/// A backend in the race for the keys that nobody else may take.
@frozen
@usableFromInline
struct MaglevRacer: BitwiseCopyable, Sendable {
    /// The hash of its name.
    @usableFromInline let identity: UInt64
    /// 1 / weight.
    @usableFromInline let slowness: Float
    @usableFromInline let index: UInt32
}
