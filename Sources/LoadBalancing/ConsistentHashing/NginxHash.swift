/// nginx's plain `hash`, and Cache::Memcached: a key's hash modulo the sum of the weights.
///
/// When a server comes or goes, most keys move; see ``RingDialect/nginx`` for `hash … consistent`, which moves few.
/// Names do not count, only the order of the backends and their weights. Hashes have 15 bits, so of weights that add up
/// to more than 32,768 the last backends have no keys of their own.
///
/// - Complexity: O(log n) a lookup; 8 bytes a backend.
/// - Note: nginx 1.22.1, `ngx_http_upstream_hash_module.c`; vectors `nginx-hash.json`.
public struct NginxHash: ConsistentHash {
    /// The number of backends, those of weight 0 included.
    public var backendCount: Int { ends.count }
    /// Where each backend's stretch of a line ends that has the weights side by side.
    private let ends: [UInt64]

    /// How many hashes of a key are tried before the rest go in turn, the first one included.
    public static let tries = 21

    /// Lays the weights side by side.
    ///
    /// - Throws: ``HashTableError`` for names given twice and weights out of range.
    public init(_ backends: some Collection<WeightedName>) throws(HashTableError) {
        try HashTableError.check(backends, maximumCount: 1 << 31)
        var end: UInt64 = 0
        ends = backends.map { backend in
            end += UInt64(backend.weight)
            return end
        }
    }

    /// A table of no backends, which answers `nil`.
    init() {
        ends = []
    }

    /// The backend whose stretch holds bits 16 to 30 of `keyHash` modulo the weights' sum; `nil` if none has a weight.
    public func backend(for keyHash: UInt64) -> Int? {
        guard let total = ends.last, total > 0 else { return nil }
        return backend(at: Self.bits(of: UInt32(truncatingIfNeeded: keyHash)) % total)
    }

    /// The first backend in the key's order that `accepts` takes; `nil` if it takes none.
    ///
    /// A refused key is hashed again with the number of the try in front, and the hash added to those before. After
    /// ``tries`` hashes nginx picks by round robin; here the servers follow in the order of the set.
    public func backend(for keyHash: UInt64, where accepts: (Int) -> Bool) -> Int? {
        guard let total = ends.last, total > 0 else { return nil }
        let checksum = UInt32(truncatingIfNeeded: keyHash)
        var sum = Self.bits(of: checksum)
        var index = backend(at: sum % total)
        if accepts(index) { return index }
        let key = CRC32.Tail(checksum: checksum, byteCount: keyHash >> 32)
        for again in 1..<Self.tries {
            sum += Self.bits(of: key.checksum(after: CRC32.hash(String(again))))
            index = backend(at: sum % total)
            if again < Self.tries - 1, accepts(index) { return index }
        }
        return next(from: index, where: accepts)
    }

    /// The ``CRC32`` of a key and, above it, the number of its bytes: what all hashes of the key follow from.
    public static func hash(ofKey key: RawSpan) -> UInt64 {
        UInt64(CRC32.hash(key)) | UInt64(truncatingIfNeeded: key.byteCount) << 32
    }

    /// The hash of the UTF-8 form of `key`.
    public static func hash(ofKey key: some StringProtocol) -> UInt64 {
        withRawSpan(of: key.utf8) { hash(ofKey: $0) }
    }

    /// The hash of the elements of `key`.
    public static func hash(ofKey key: some Collection<UInt8>) -> UInt64 {
        withRawSpan(of: key) { hash(ofKey: $0) }
    }

    private static func bits(of checksum: UInt32) -> UInt64 {
        UInt64(checksum &>> 16 & 0x7FFF)
    }

    /// The first backend that ends beyond a point below the sum of the weights.
    private func backend(at point: UInt64) -> Int {
        var (low, high) = (0, ends.count - 1)
        while low < high {
            let middle = (low + high) / 2
            if ends[middle] > point { high = middle } else { low = middle + 1 }
        }
        return low
    }

    private func next(from first: Int, where accepts: (Int) -> Bool) -> Int? {
        let order = [first..<ends.count, 0..<first].joined()
        return order.first { ends[$0] > ($0 == 0 ? 0 : ends[$0 - 1]) && accepts($0) }
    }
}

extension NginxHash {
    /// The backend of the UTF-8 form of `key`; `nil` if none has a weight.
    public func backend(forKey key: some StringProtocol) -> Int? {
        backend(for: Self.hash(ofKey: key))
    }

    /// The first backend in the order of the UTF-8 form of `key` that `accepts` takes; `nil` if it takes none.
    public func backend(forKey key: some StringProtocol, where accepts: (Int) -> Bool) -> Int? {
        backend(for: Self.hash(ofKey: key), where: accepts)
    }
}

extension PickRequest {
    /// A request whose key is a text, hashed as nginx's plain `hash` does it: for a ``NginxHashPolicy``.
    public static func nginxKey(_ text: some StringProtocol) -> PickRequest {
        PickRequest(keyHash: NginxHash.hash(ofKey: text))
    }

    /// A request whose key is bytes, hashed as nginx's plain `hash` does it: for a ``NginxHashPolicy``.
    public static func nginxKey(_ bytes: some Collection<UInt8>) -> PickRequest {
        PickRequest(keyHash: NginxHash.hash(ofKey: bytes))
    }
}
