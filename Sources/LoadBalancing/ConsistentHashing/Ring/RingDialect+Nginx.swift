extension RingDialect {
    /// nginx's `hash … consistent`, and Cache::Memcached::Fast.
    ///
    /// 160 points for each unit of weight, a chain of CRC-32 checksums of host and port; keys are CRC-32. The name is the one
    /// in the `server` directive: `b` and `b:80` are different, a leading `unix:` is left out, and an IPv6 address stands
    /// in brackets. A server that is down stays on the ring: its keys go on to the next point.
    ///
    /// - Note: nginx 1.22.1, `ngx_http_upstream_hash_module.c`; vectors `nginx-consistent.json` and
    ///   `nginx-consistent-down.json`. nginx leaves the order of equal points open; here the one of the backend first in the
    ///   set counts.
    public static var nginx: RingDialect {
        RingDialect(name: "nginx", text: .nginx, counts: .perWeight(160), places: .crc32Chain, keyHash: .crc32)
    }

    /// Pingora's ketama, version 1, which is nginx's for names that are socket addresses.
    ///
    /// IPv6 addresses are `[::1]:443` and hashed without brackets, as Rust writes them.
    ///
    /// - Note: cloudflare/pingora, `pingora-ketama/src/lib.rs`.
    public static var pingora: RingDialect {
        RingDialect(name: "pingora", text: .ipAddress, counts: .perWeight(160), places: .crc32Chain, keyHash: .crc32)
    }

    /// Pingora's ketama, version 2: ``pingora`` with as many points as asked for.
    ///
    /// `pointMultiple` is the number for each unit of weight, 1 or more. Of equal points the one of the lesser address counts, so
    /// the order of the set does not matter.
    ///
    /// - Note: cloudflare/pingora, `pingora-ketama/src/lib.rs`.
    public static func pingoraV2(pointMultiple: Int = 160) -> RingDialect {
        RingDialect(
            name: "pingora-v2", text: .ipAddress, counts: .perWeight(max(1, pointMultiple)), places: .crc32Chain,
            keyHash: .crc32, order: .byAddress)
    }
}
