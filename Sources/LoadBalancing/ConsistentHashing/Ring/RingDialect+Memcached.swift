/// The memcached clients and proxies. All put 160 points on the ring for a backend of average weight, four from each MD5
/// digest of `TEXT-0`, `TEXT-1`, …, and still disagree.
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

    /// libmemcached's weighted ketama: `MEMCACHED_BEHAVIOR_KETAMA_WEIGHTED`, or any weight above 1.
    ///
    /// Hashes `HOST:PORT`, but `HOST` alone for port 11211 or none, and `PATH:0` for a Unix socket. All of the count is in
    /// single precision, so 25, 50 or 100 equal backends have 156 points each, not 160. Of equal points the one of the
    /// backend first in the set counts.
    ///
    /// - Note: libmemcached 1.1.4, `src/libmemcached/hosts.cc`; vectors `libmemcached-ketama.json`.
    public static var libmemcachedWeighted: RingDialect {
        RingDialect(
            name: "libmemcached-weighted", text: .libmemcached, counts: .libmemcached, places: .md5Digests,
            keyHash: .md5)
    }

    /// libmemcached's unweighted ketama (`MEMCACHED_BEHAVIOR_KETAMA`), names and keys hashed by the same function.
    ///
    /// 100 points a backend, one from each text; weights above 0 are all the same. Texts as ``libmemcachedWeighted``.
    ///
    /// - Note: libmemcached 1.1.4, `src/libmemcached/hosts.cc`; vectors `libmemcached-ketama.json`.
    public static func libmemcached(_ hash: LibmemcachedHash) -> RingDialect {
        let (function, keyHash): (RingTextHash, RingKeyHash) =
            switch hash {
            case .md5: (.md5Word, .md5)
            case .oneAtATime: (.oneAtATime, .oneAtATime)
            }
        return RingDialect(
            name: "libmemcached-" + hash.rawValue, text: .libmemcached, counts: .fixed(100),
            places: .texts(function, separator: "-"), keyHash: keyHash)
    }

    /// libmemcached's spymemcached mode (`MEMCACHED_DISTRIBUTION_CONSISTENT_KETAMA_SPY`), which no spymemcached agrees with.
    ///
    /// Hashes `/HOST:PORT`, port 11211 if there is none; else as ``libmemcachedWeighted``.
    ///
    /// - Note: libmemcached 1.1.4, `src/libmemcached/hosts.cc`.
    public static var libmemcachedSpy: RingDialect {
        RingDialect(
            name: "libmemcached-spy", text: .libmemcachedSpy, counts: .libmemcached, places: .md5Digests, keyHash: .md5)
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
    /// Texts as ``libmemcachedWeighted``, counts in double precision, or with shares in single precision in its
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

    /// The hash functions of libmemcached's unweighted ketama, by `MEMCACHED_BEHAVIOR_HASH`.
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
