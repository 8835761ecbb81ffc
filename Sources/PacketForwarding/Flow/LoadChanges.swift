/// Backends whose number of established flows has changed since somebody looked: what a scheduler that goes by loads has to
/// read again.
struct LoadChanges {
    /// The most backends that are remembered.
    private static let limit = 256

    /// Whether anybody looks.
    var areWatched = false {
        didSet { forget() }
    }
    /// Backends, in the order of their changes; one may stand here several times.
    private(set) var backends: [UInt32] = []
    /// Whether more have changed than are remembered.
    private(set) var areTooMany = false

    /// Notes that a backend has one more established flow, or one less.
    @inline(__always)
    mutating func note(_ backend: UInt32) {
        guard areWatched, !areTooMany else { return }
        if backends.count < Self.limit { backends.append(backend) } else { areTooMany = true }
    }

    /// Forgets all, which were looked at.
    mutating func forget() {
        backends.removeAll(keepingCapacity: true)
        areTooMany = false
    }
}
