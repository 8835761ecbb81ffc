extension HashRing {
    /// The hash of a key as the dialect's program takes it: what ``backend(for:)`` asks for.
    ///
    /// Of digests longer than 64 bits, the first 64.
    public func hash(ofKey key: RawSpan) -> UInt64 {
        dialect.hash(ofKey: key)
    }

    /// The hash of the UTF-8 form of `key`.
    public func hash(ofKey key: some StringProtocol) -> UInt64 {
        dialect.hash(ofKey: key)
    }

    /// The hash of the elements of `key`.
    public func hash(ofKey key: some Collection<UInt8>) -> UInt64 {
        dialect.hash(ofKey: key)
    }

    /// The backend of a key; `nil` if none has a weight.
    public func backend(forKey key: RawSpan) -> Int? {
        backend(for: hash(ofKey: key))
    }

    /// The backend of the UTF-8 form of `key`; `nil` if none has a weight.
    public func backend(forKey key: some StringProtocol) -> Int? {
        backend(for: hash(ofKey: key))
    }

    /// The backend of the elements of `key`; `nil` if none has a weight.
    public func backend(forKey key: some Collection<UInt8>) -> Int? {
        backend(for: hash(ofKey: key))
    }
}
