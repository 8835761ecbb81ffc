extension RingDialect {
    /// Envoy's `RING_HASH`, for names that are a host's `hash_key`, hostname or `IP:PORT`.
    ///
    /// Points are hashes of `NAME_0`, `NAME_1`, …; keys are ``XXH64``, whatever points are. How many points a host has
    /// depends on the least weight and on the hosts before it: at least `minimumRingSize` in all, more so that the least weight
    /// has a whole number, at most `maximumRingSize`. With more hosts than that some have none.
    ///
    /// - Note: Envoy 1.40.0, `ring_hash_lb.cc`; vectors `envoy-ring-hash.json`.
    public static func envoy(
        _ hash: EnvoyHash = .xxHash, minimumRingSize: Int = 1024, maximumRingSize: Int = 8_388_608
    ) -> RingDialect {
        RingDialect(
            name: hash == .xxHash ? "envoy" : "envoy-murmur2", text: .name,
            counts: .envoy(minimum: max(1, minimumRingSize), maximum: max(1, maximumRingSize)),
            places: .texts(hash == .xxHash ? .xxh64 : .murmurHash64A, separator: "_"), keyHash: .xxh64)
    }

    /// gRPC's `ring_hash`: ``envoy(_:minimumRingSize:maximumRingSize:)`` with hosts sorted by name and a smaller ring.
    ///
    /// The key is the header's value, several joined by commas. Clients allow rings of 4096 points unless told otherwise.
    ///
    /// - Note: gRPC proposal A42; grpc-go, `balancer/ringhash/ring.go`.
    public static func grpc(minimumRingSize: Int = 1024, maximumRingSize: Int = 4096) -> RingDialect {
        RingDialect(
            name: "grpc", text: .name,
            counts: .envoy(minimum: max(1, minimumRingSize), maximum: max(1, maximumRingSize)),
            places: .texts(.xxh64, separator: "_"), keyHash: .xxh64, order: .byName)
    }

    /// The hash functions of Envoy's ring, by their names in its configuration.
    public enum EnvoyHash: String, Hashable, Sendable, CaseIterable {
        /// ``XXH64``, seed 0.
        case xxHash = "XX_HASH"
        /// ``MurmurHash64A``, seed 0xC70F6907.
        case murmurHash2 = "MURMUR_HASH_2"
    }
}
