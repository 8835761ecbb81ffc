/// The order of constructions that name one backend for a key, and no others.
extension Rendezvous {
    /// The first backend that `accepts` takes, of those that a key and 15 hashes of it fall to, and then of all by score.
    ///
    /// - Parameters:
    ///   - keyHash: the key.
    ///   - accepts: whom it may be.
    ///   - place: the backend that a word falls to; not called where none has a weight.
    /// - Returns: the backend; `nil` if nobody is accepted.
    @inlinable
    func backend(for keyHash: UInt64, where accepts: (Int) -> Bool, startingFrom place: (UInt64) -> Int) -> Int? {
        guard seeds.count > 0 else { return nil }
        var word = keyHash
        for position in 1...16 {
            let index = place(word)
            if accepts(index) { return index }
            word = Mixing.mix(keyHash, position: position)
        }
        return backend(for: keyHash, where: accepts)
    }
}
