extension RingDialect {
    /// The hash of a key as the dialect's program takes it: see ``HashRing/hash(ofKey:)-(RawSpan)``.
    public func hash(ofKey key: RawSpan) -> UInt64 {
        keyHash(key)
    }

    /// The hash of the UTF-8 form of `key`.
    public func hash(ofKey key: some StringProtocol) -> UInt64 {
        withRawSpan(of: key.utf8) { keyHash($0) }
    }

    /// The hash of the elements of `key`.
    public func hash(ofKey key: some Collection<UInt8>) -> UInt64 {
        withRawSpan(of: key) { keyHash($0) }
    }
}

extension PickRequest {
    /// A request whose key is a text, hashed as a dialect's program hashes it: for a ``RingHashPolicy`` of that dialect.
    public static func key(_ text: some StringProtocol, dialect: RingDialect) -> PickRequest {
        PickRequest(keyHash: dialect.hash(ofKey: text))
    }

    /// A request whose key is bytes, hashed as a dialect's program hashes them: for a ``RingHashPolicy`` of that dialect.
    public static func key(_ bytes: some Collection<UInt8>, dialect: RingDialect) -> PickRequest {
        PickRequest(keyHash: dialect.hash(ofKey: bytes))
    }
}
