/// The memcached clients and proxies. All but libmemcached without weights put 160 points on the ring for a backend of
/// average weight, four from each MD5 digest of `TEXT-0`, `TEXT-1`, …, and still disagree.
extension RingDialect {
    /// libketama, the original, for equal and unequal weights.
    ///
    /// The name is hashed as it stands, with its port. A backend has ⌊40 · n · weight ÷ total⌋ digests, the share in single
    /// precision; the key is MD5.
    ///
    /// - Note: RJ/ketama, `libketama/ketama.c`; the same points as Perl's Algorithm::ConsistentHash::Ketama.
    public static var libketama: RingDialect {
        RingDialect(
            name: "libketama", text: .name, counts: .libketama, places: .md5Digests, keyHash: .md5)
    }

    /// libmemcached's weighted ketama with MD5, which is `MEMCACHED_BEHAVIOR_KETAMA_WEIGHTED` and nothing else set.
    ///
    /// The same as `libmemcached(.md5, weighted: true)`. All of the count is in single precision, so 25, 50 or 100
    /// equal backends have 156 points each, not 160.
    ///
    /// - Note: libmemcached 1.1.4, `src/libmemcached/hosts.cc`; vectors `libmemcached-ketama.json`.
    public static var libmemcachedWeighted: RingDialect { libmemcached(.md5, weighted: true) }

    /// libmemcached's ketama: `MEMCACHED_BEHAVIOR_KETAMA` or, if `weighted`, `MEMCACHED_BEHAVIOR_KETAMA_WEIGHTED`.
    ///
    /// Hashes `HOST:PORT`, but `HOST` alone for port 11211 or none, and `PATH:0` for a Unix socket. Of equal points the
    /// one of the backend first in the set counts.
    ///
    /// Unweighted, a backend has 100 points, one from each text, by the function that hashes the keys. Weighted, it has
    /// four from each MD5 digest, 160 for the average weight, whatever hashes the keys. One weight above 1 makes
    /// libmemcached weighted, so it does here; a set whose last weight above 1 goes is unweighted again, as in a client
    /// that is made anew.
    ///
    /// - Parameters:
    ///   - hash: `MEMCACHED_BEHAVIOR_HASH`, which is the default function unless set;
    ///     `MEMCACHED_BEHAVIOR_KETAMA_WEIGHTED` sets MD5.
    ///   - weighted: whether the ring is weighted also where no weight is above 1.
    /// - Returns: the dialect.
    /// - Note: libmemcached 1.1.4, `src/libmemcached/hosts.cc`; vectors `libmemcached-ketama.json` and
    ///   `libmemcached-weights.json`.
    public static func libmemcached(_ hash: LibmemcachedHash, weighted: Bool = false) -> RingDialect {
        let name = "libmemcached" + (weighted && hash == .md5 ? "" : "-" + hash.rawValue)
        return libmemcached(name + (weighted ? "-weighted" : ""), .libmemcached, hash, weighted)
    }

    /// libmemcached's spymemcached mode, which no spymemcached agrees with.
    ///
    /// That is `MEMCACHED_DISTRIBUTION_CONSISTENT_KETAMA_SPY`. Hashes `/HOST:PORT`, port 11211 if there is none; else
    /// as ``libmemcached(_:weighted:)``.
    ///
    /// - Parameters:
    ///   - hash: `MEMCACHED_BEHAVIOR_HASH`, which is the default function, not MD5, unless set.
    ///   - weighted: whether `MEMCACHED_BEHAVIOR_KETAMA_WEIGHTED` was set, before the distribution.
    /// - Returns: the dialect.
    /// - Note: libmemcached 1.1.4, `src/libmemcached/hosts.cc`; vectors `libmemcached-weights.json`.
    public static func libmemcachedSpy(_ hash: LibmemcachedHash = .md5, weighted: Bool = false) -> RingDialect {
        let name = "libmemcached-spy" + (hash == .md5 ? "" : "-" + hash.rawValue)
        return libmemcached(name + (weighted ? "-weighted" : ""), .libmemcachedSpy, hash, weighted)
    }

    private static func libmemcached(
        _ name: String, _ text: RingText, _ hash: LibmemcachedHash, _ weighted: Bool
    ) -> RingDialect {
        let (function, keyHash): (RingTextHash, RingKeyHash) =
            switch hash {
            case .md5: (.md5Word, .md5)
            case .oneAtATime: (.oneAtATime, .oneAtATime)
            }
        let dialect = RingDialect(
            name: name, text: text, counts: .fixed(100), places: .texts(function, separator: "-"), keyHash: keyHash,
            becomesWeighted: !weighted)
        return weighted ? dialect.weightedAsLibmemcached : dialect
    }

    /// The dialect with points as libmemcached's weighted ring has them.
    private var weightedAsLibmemcached: RingDialect {
        var dialect = self
        dialect.counts = .libmemcached
        dialect.places = .md5Digests
        return dialect
    }

    /// The dialect by which the points of a set are counted and placed.
    func placing(_ backends: [WeightedName]) -> RingDialect {
        becomesWeighted && backends.contains { $0.weight > 1 } ? weightedAsLibmemcached : self
    }

    /// spymemcached's `KetamaNodeLocator` with `KETAMA_HASH`.
    ///
    /// Its weights count only where it was given some (`weighted`), in single precision; else every backend whose weight is
    /// not 0 has 160 points. Of equal points the one of the backend last in the set counts.
    ///
    /// - Note: couchbase/spymemcached, `KetamaNodeLocator.java`, `KetamaNodeKeyFormatter.java`.
    public static func spymemcached(weighted: Bool = false, names: SpymemcachedNames = .spymemcached) -> RingDialect {
        RingDialect(
            name: weighted ? "spymemcached-weighted" : "spymemcached",
            text: names == .spymemcached ? .socketAddress : .libmemcached,
            counts: weighted ? .spymemcached : .fixed(40), places: .md5Digests, keyHash: .md5, collision: .last)
    }

    /// twemproxy's `distribution: ketama`.
    ///
    /// The name is the server's configured name; without one it is `HOST:PORT`, but `HOST` alone for port 11211. Keys are
    /// not hashed as names are, but by the pool's `hash`, and in part where it has a `hash_tag`.
    ///
    /// - Note: twitter/twemproxy, `src/hashkit/nc_ketama.c`, `src/nc_server.c`. Where it leaves the order of equal points
    ///   open, the one of the backend first in the set counts.
    public static func twemproxy(_ hash: TwemproxyHash = .fnv1a_64, hashTag: HashTag? = nil) -> RingDialect {
        RingDialect(
            name: "twemproxy-" + hash.rawValue, text: .libmemcached, counts: .twemproxy, places: .md5Digests,
            keyHash: .twemproxy(hash, hashTag))
    }

    /// The ring of Twitter's util-hashing, which finagle-memcached uses, with `KeyHasher.KETAMA`.
    ///
    /// Texts as ``libmemcached(_:weighted:)``, counts in double precision, or with shares in single precision in its
    /// `oldLibMemcachedVersionComplianceMode`; of equal points the one of the backend last in the set counts.
    ///
    /// - Note: twitter/util, `ConsistentHashingDistributor.scala`.
    public static func finagle(oldLibmemcached: Bool = false) -> RingDialect {
        RingDialect(
            name: oldLibmemcached ? "finagle-old-libmemcached" : "finagle", text: .libmemcached,
            counts: oldLibmemcached ? .finagleOld : .finagle, places: .md5Digests, keyHash: .md5, collision: .last)
    }

    /// Python's uhashring with `hash_fn='ketama'`.
    ///
    /// As ``libketama`` with ⌊40 · n · weight ÷ total⌋ in whole numbers, the first point strictly after the key, and of equal
    /// points the one of the backend last in the set.
    ///
    /// - Note: uhashring 2.5, `ring_ketama.py`; vectors `uhashring.json`.
    public static var uhashringKetama: RingDialect {
        RingDialect(
            name: "uhashring-ketama", text: .name, counts: .uhashring, places: .md5Digests, keyHash: .md5,
            side: .strictlyNext, collision: .last)
    }

    /// Python's uhashring by default: 160 points for each unit of weight, each the whole MD5 digest of `NAME-j` as a number.
    ///
    /// Of digests the first 64 bits count: a key that shares them with a point, one in 2⁶⁴ for each point, may differ.
    ///
    /// - Note: uhashring 2.5, `ring_meta.py`; vectors `uhashring.json`.
    public static var uhashring: RingDialect {
        RingDialect(
            name: "uhashring", text: .name, counts: .perWeight(160), places: .texts(.md5, separator: "-"),
            keyHash: .md5Number, side: .strictlyNext, collision: .last)
    }

    /// The hash functions of libmemcached's ketama, by `MEMCACHED_BEHAVIOR_HASH`.
    public enum LibmemcachedHash: String, Hashable, Sendable, CaseIterable {
        /// The first word of MD5 (`MEMCACHED_HASH_MD5`).
        case md5
        /// Jenkins' one-at-a-time, the default, of signed bytes as on x86 (`MEMCACHED_HASH_DEFAULT`).
        case oneAtATime = "one-at-a-time"
    }

    /// What spymemcached hashes for a backend: its `KetamaNodeKeyFormatter.Format`.
    public enum SpymemcachedNames: Hashable, Sendable {
        /// The socket address as Java writes it: `HOST/IP:PORT`, or `IP:PORT`; a `/` in front is left out.
        case spymemcached
        /// `HOST:PORT`, but `HOST` alone for port 11211 or none.
        case libmemcached
    }
}
