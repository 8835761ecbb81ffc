/// How a ``MaglevTable`` is built: this package's way, or a program's it has to agree with.
public struct MaglevDialect: Hashable, Sendable {
    enum Kind: Hashable {
        case standard
        case envoy
    }

    let kind: Kind
    /// The number of slots asked for; `nil` where the number of backends decides.
    public let size: Int?

    /// This package's own: every backend has its share to less than one slot, and the order of the list does not matter.
    ///
    /// A slot is a stretch of the hashes, so that a look-up multiplies where the other dialects divide.
    ///
    /// Without a size the table has 65,537 slots for up to 100 backends and 655,373 for up to 1,000: at least 655 for each, as
    /// the paper advises. Beyond that it has the first prime number from 655,360 · 2ᵏ on that gives each at least 655, up to
    /// ``MaglevTableError/maximumSize``. Nearly all keys move when the size changes: name one if the set may outgrow it.
    public static func standard(size: Int? = nil) -> MaglevDialect {
        MaglevDialect(kind: .standard, size: size)
    }

    /// Envoy's `MAGLEV`, weights included, for hosts named by address and port or by their `hash_key`.
    ///
    /// Agrees key by key with Envoy 1.40.0 (`Tests/LoadBalancingTests/Vectors`). Hosts take turns in the bytewise order of
    /// their names, a host of weight w in those turns t of which t · w reaches its target. The slot is the hash modulo the
    /// size, and Envoy hashes a header with ``XXH64``.
    public static func envoy(size: Int = 65_537) -> MaglevDialect {
        MaglevDialect(kind: .envoy, size: size)
    }

    /// Whether a key's slot is its hash modulo the size.
    var isModulo: Bool { kind != .standard }

    /// The number of slots for `members`: checked, or chosen by their number.
    func size(for members: MaglevMembers) throws(MaglevTableError) -> Int {
        let size = size ?? Self.size(forBackends: members.backends.count)
        guard 2...MaglevTableError.maximumSize ~= size else {
            throw MaglevTableError(.sizeOutOfRange(size, maximum: MaglevTableError.maximumSize))
        }
        guard Primes.contains(size) else {
            throw MaglevTableError(.sizeNotPrime(size, next: Primes.first(from: size)))
        }
        guard members.line.count <= size else {
            throw MaglevTableError(.moreBackendsThanSlots(backends: members.line.count, slots: size))
        }
        return members.line.isEmpty ? 0 : size
    }

    static func size(forBackends count: Int) -> Int {
        if count <= 100 { return 65_537 }
        var least = 655_360
        while least < 655 * count, 2 * least <= MaglevTableError.maximumSize { least *= 2 }
        return Primes.first(from: least)
    }
}
