/// How a ``MaglevTable`` is built and asked: this package's way, or a program's that it has to agree with.
public struct MaglevDialect: Hashable, Sendable {
    enum Kind: Hashable {
        case standard
        case paper
        case envoy
        case katran(KatranVersion)
        case cilium(seed: UInt32)
    }

    /// Which of Katran's two constructions.
    public enum KatranVersion: Hashable, Sendable {
        /// `MaglevHash`: a weight is a number of turns in the first round and of no effect later, so shares come out equal.
        case v1
        /// `MaglevHashV2`: in each round a weight is added to a backend's sum, which gives it a turn when it reaches the largest
        /// weight. A backend of much less than that weight may have no slot.
        case v2
    }

    let kind: Kind
    /// The number of slots asked for; `nil` where the number of backends decides.
    public let size: Int?

    /// This package's own: every backend has its share to less than one slot, and the order of the list does not matter.
    ///
    /// A slot is a stretch of the hashes, so a look-up multiplies where the other dialects divide.
    ///
    /// Without a size the table has 65,537 slots for up to 100 backends and 655,373 for up to 1,000: at least 655 for each,
    /// weights aside, as the paper advises. For more backends it is the first prime number above 655,360 · 2ᵏ that gives each
    /// as many. Nearly all keys move when the size changes: name one if the set may outgrow it.
    public static func standard(size: Int? = nil) -> MaglevDialect {
        MaglevDialect(kind: .standard, size: size)
    }

    /// The paper's pseudocode, as programs written after it have it: backends take turns in the order of the list.
    ///
    /// The paper leaves its two hash functions open. Of hashes given with the backends the high half makes the offset and the
    /// low half the skip, as in go-maglev by D. Gryski, which has them from ``SipHash24``; without them they are ``XXH64``
    /// with seeds 0 and 1. Weights, which the paper only mentions, are Envoy's.
    public static func paper(size: Int = 65_537) -> MaglevDialect {
        MaglevDialect(kind: .paper, size: size)
    }

    /// Envoy's `MAGLEV`, weights included, for hosts named by address and port or by their `hash_key`.
    ///
    /// Agrees key by key with Envoy 1.40.0. Hosts take turns in the bytewise order of their names; the slot is the hash modulo
    /// the size; Envoy hashes a header by ``XXH64``.
    public static func envoy(size: Int = 65_537) -> MaglevDialect {
        MaglevDialect(kind: .envoy, size: size)
    }

    /// Katran's tables; the hash of each endpoint is given with the backends.
    ///
    /// Agrees slot by slot with Katran's `generateHashRing` of August 2026. Endpoints take turns in the order of the
    /// list: Katran sorts them by hash before. Without hashes they are ``XXH64`` of the names, which no Katran has.
    /// Katran computes in 32 bits, which overflow above 65,537 slots; so it does here, and a set for which its loop
    /// would not end is refused.
    public static func katran(_ version: KatranVersion = .v2, size: Int = 65_537) -> MaglevDialect {
        MaglevDialect(kind: .katran(version), size: size)
    }

    /// Cilium's tables, for backends named as Cilium names them: `[10.0.0.1:80/TCP,State:active]`.
    ///
    /// Agrees with the table in the tests of `pkg/maglev` of 2025. Weights count only where they add up to at least two for
    /// each backend. Cilium's sizes are 251, 509, 1021, 2039, 4093, 8191, 16381, 32749, 65521 and 131071.
    ///
    /// - Parameters:
    ///   - size: the number of slots.
    ///   - seed: the first four bytes of the decoded `bpf-lb-maglev-hash-seed`, most significant first.
    /// - Returns: the dialect.
    public static func cilium(size: Int = 16_381, seed: UInt32 = 0x24B7_EF82) -> MaglevDialect {
        MaglevDialect(kind: .cilium(seed: seed), size: size)
    }

    /// Whether a key's slot is its hash modulo the size.
    var isModulo: Bool { kind != .standard }

    /// Whether a backend is placed by one hash, which may be given.
    var takesHashes: Bool {
        switch kind {
        case .paper, .katran: true
        case .standard, .envoy, .cilium: false
        }
    }

    /// The number of slots for `members`: checked, or chosen by their number; 0 if no backend has a weight.
    func size(for members: MaglevMembers) throws(MaglevTableError) -> Int {
        let size = size ?? Self.size(forBackends: members.backends.count)
        try check(size, for: members)
        return members.line.isEmpty ? 0 : size
    }

    func check(_ size: Int, for members: MaglevMembers) throws(MaglevTableError) {
        try check(size)
        guard members.line.count <= size else {
            throw MaglevTableError(.moreBackendsThanSlots(backends: members.line.count, slots: size))
        }
    }

    /// Checks that the dialect has tables of a size.
    func check(_ size: Int) throws(MaglevTableError) {
        guard 2...MaglevTableError.maximumSize ~= size else {
            throw MaglevTableError(.sizeOutOfRange(size, maximum: MaglevTableError.maximumSize))
        }
        guard Primes.contains(size) else {
            throw MaglevTableError(.sizeNotPrime(size, next: Primes.first(from: size)))
        }
    }

    private static func size(forBackends count: Int) -> Int {
        if count <= 100 { return 65_537 }
        var least = 655_360
        while least < 655 * count, 2 * least <= MaglevTableError.maximumSize { least *= 2 }
        return Primes.first(from: least)
    }
}
