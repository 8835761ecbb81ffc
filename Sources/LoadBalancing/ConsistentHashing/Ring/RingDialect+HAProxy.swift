extension RingDialect {
    /// HAProxy's `hash-type consistent` with `hash-key id`, the default.
    ///
    /// Names do not count, places in the set do: the first backend has id 1, the second 2, and so on, which is what HAProxy
    /// gives servers without an `id`. 16 points for each unit of weight, up to weight 256; a key goes to the nearer of
    /// the points before and after it.
    ///
    /// Keys are hashed by the function that stands after `consistent`, and once more where `avalanche` stands behind it.
    /// Without a function HAProxy takes `sdbm` with avalanche.
    ///
    /// - Note: HAProxy 2.6.12, `src/lb_chash.c`, `src/backend.c`; vectors `haproxy-consistent.json`.
    public static func haproxy(_ hash: HAProxyHash = .sdbm, avalanche: Bool = false) -> RingDialect {
        RingDialect(
            name: "haproxy-" + hash.rawValue + (avalanche ? "-avalanche" : ""), text: .name, counts: .haproxy,
            places: .haproxy, keyHash: .haproxy(hash, avalanche: avalanche), side: .nearest)
    }

    /// The hash functions of HAProxy, by their names in its configuration.
    public enum HAProxyHash: String, Hashable, Sendable, CaseIterable {
        /// ``SDBM``, the default.
        case sdbm
        /// ``DJB2``.
        case djb2
        /// ``WT6``.
        case wt6
        /// ``CRC32``.
        case crc32
        /// The key is a decimal number and its own hash.
        case none
    }
}
