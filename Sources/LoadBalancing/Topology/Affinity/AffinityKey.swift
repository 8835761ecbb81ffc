/// Keys that keep a client with one backend, for policies that send equal keys to the same backend.
///
/// No state is kept and no token is needed; but a client moves when its backend goes, and may move when others come.
/// Where the server keeps sessions in a store that all servers share, it need not be kept with one at all, which is
/// better.
public enum AffinityKey {
    /// The key of a source address.
    ///
    /// - Parameters:
    ///   - address: the client's, not the last proxy's.
    ///   - ipv4Length: how many bits count; fewer keep a client that changes its address within its network.
    ///   - ipv6Length: how many bits count: 64, as hosts change the rest at will.
    /// - Returns: a hash for ``PickRequest/init(keyHash:time:tried:)``.
    public static func source(_ address: NetworkAddress, ipv4Length: Int = 32, ipv6Length: Int = 64) -> UInt64 {
        NetworkPrefix(address, length: address.family == .ipv4 ? ipv4Length : ipv6Length).keyHash
    }

    /// The key of a session's name: a cookie's or a header's value, a parameter, a connection's identity.
    ///
    /// - Parameter name: `nil` and the empty text are no session.
    /// - Returns: a hash; `nil` without a session.
    public static func session(_ name: String?) -> UInt64? {
        name.flatMap { $0.isEmpty ? nil : XXH64.hash($0) }
    }

    /// The first text that is there: nginx's `sticky route $cookie $uri`, of which the first that is not empty names
    /// the backend.
    public static func firstRoute(_ candidates: String?...) -> String? {
        candidates.lazy.compactMap { $0 }.first { !$0.isEmpty }
    }

    /// What nginx's `sticky cookie` writes for a server: the MD5 of its address and port, in hexadecimal digits.
    public static func nginxCookie(address: String) -> String {
        let digits = Array("0123456789abcdef".utf8)
        let digest = withRawSpan(of: address.utf8) { MD5.hash($0) }
        return String(decoding: digest.flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }, as: UTF8.self)
    }
}
