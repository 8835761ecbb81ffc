extension PickRequest {
    /// A request whose key is a text, such as a user's name, a session or a cookie.
    ///
    /// Equal texts have equal keys if they are equal byte by byte in UTF-8. The hash is ``XXH64`` with seed 0.
    @inlinable
    public static func key(_ text: some StringProtocol) -> PickRequest {
        PickRequest(keyHash: XXH64.hash(text))
    }

    /// A request whose key is bytes, such as a source address; the hash is ``XXH64`` with seed 0.
    @inlinable
    public static func key(_ bytes: some Collection<UInt8>) -> PickRequest {
        PickRequest(keyHash: XXH64.hash(bytes))
    }

    /// A request whose key is a number, such as an account's; the hash is ``XXH64`` with seed 0 of its 8 bytes, the lowest first.
    @inlinable
    public static func key(_ number: UInt64) -> PickRequest {
        PickRequest(keyHash: XXH64.hash(number))
    }
}
