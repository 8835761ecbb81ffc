/// How a ring places points and hashes keys: as one of the programs that are already there, or as this package does.
///
/// Whoever shards a cache must agree with the clients that use it already, key by key. A dialect says which text stands
/// for a backend, how many points it has and where, how a key is hashed, and whose point counts when two fall on the same
/// place.
///
///     let ring = try HashRing(backends, dialect: .libmemcachedWeighted)
///
/// ``standard`` is the one to take where nobody else has to agree.
///
/// The weight 0 takes a backend out of the ring, whatever the program makes of it (libmemcached: weight 1).
public struct RingDialect: Hashable, Sendable {
    /// The dialect's name in configurations: see ``init(named:)``.
    public let name: String
    /// What is hashed for a backend.
    var text: RingText
    /// How many points a backend has, or digests of four.
    var counts: RingCounts
    /// Where its points are.
    var places: RingPlaces
    /// How a key is hashed.
    var keyHash: RingKeyHash
    /// Who owns the keys between two points.
    var side = Side.next
    /// Which point counts of several on the same place.
    var collision = Collision.first
    /// The order in which backends are counted and their points placed.
    var order = Order.given
    /// Whether one weight above 1 has all points counted and placed as libmemcached's weighted ring has them.
    var becomesWeighted = false

    enum Side: Hashable, Sendable {
        /// The first point at or after the key.
        case next
        /// The first point after the key.
        case strictlyNext
        /// The nearer of the two, on a tie the one before.
        case nearest
    }

    enum Collision: Hashable, Sendable {
        /// The one placed first.
        case first
        /// The one placed last.
        case last
    }

    enum Order: Hashable, Sendable {
        /// As the backends were given.
        case given
        /// By their names' bytes.
        case byName
        /// By their socket addresses.
        case byAddress
    }
}

extension RingDialect {
    /// This package's own dialect, with 160 points a backend.
    public static var standard: RingDialect { standard(pointsPerBackend: 160) }

    /// This package's own dialect: weights are exact ratios, and nobody's change moves other backends' keys.
    ///
    /// Every backend has the same number of points, whatever its weight, and a key goes to the backend for which the
    /// distance to its next point, divided by the weight, is least. Where all weights are equal that is the next point.
    /// Only ratios of weights count, so 3 and 1 share as 3,000 and 1,000 do, with as many points; and as each
    /// backend competes by its own distance and weight alone, whoever comes, goes or changes takes or gives keys of
    /// its own only.
    ///
    /// Points are ``XXH64`` of the point's number with ``XXH64`` of the name as the seed, keys ``XXH64`` as in ``PickRequest``,
    /// of which the top 40 bits count. The order of the backends does not matter.
    ///
    /// A backend's share has a standard deviation of about its share divided by the square root of `pointsPerBackend` (1 or
    /// more): 8 % of it for 160 points, 4 % for 640.
    ///
    /// - Note: the linear method of Schindelhauer and Schomaker, *Weighted Distributed Hash Tables*, SPAA 2005.
    public static func standard(pointsPerBackend: Int) -> RingDialect {
        RingDialect(
            name: "standard", text: .name, counts: .fixed(max(1, pointsPerBackend)), places: .standard,
            keyHash: .xxh64, order: .byName)
    }

    /// A ring of 160-bit digests: SHA-1 of `NAME-0`, `NAME-1`, …, 160 points for each unit of weight.
    ///
    /// A key goes to the first point at or after its own SHA-1. Of digests the first 64 bits count.
    ///
    /// - Note: identifiers as in Stoica and others, *Chord*, 2001; text and number of points are this package's own.
    public static var sha1: RingDialect {
        RingDialect(
            name: "sha1", text: .name, counts: .perWeight(160), places: .texts(.sha1, separator: "-"), keyHash: .sha1)
    }
}
