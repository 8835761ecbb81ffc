/// Why a token is treated as if there were none.
public enum TokenFault: String, Error, Hashable, Sendable, CaseIterable {
    /// Not of the form, or too long.
    case malformed
    /// Of another version.
    case unknownVersion
    /// Sealed with a key that is not known here.
    case unknownKey
    /// The tag is not that of the body.
    case forged
    /// Its times lie too far ahead, or go backwards.
    case fromTheFuture
    /// Of a generation that is void.
    case oldGeneration
    /// Not used for too long.
    case idleTooLong
    /// In use for too long.
    case livedTooLong
    /// Of another pool.
    case otherPool
}

/// A key that tokens are sealed with.
public struct TokenKey: Sendable {
    /// The name that stands in the token: 1 to 16 letters, digits, `-` or `_`.
    public let id: String
    /// The message authentication code of a message: 16 to 32 bytes.
    let code: @Sendable ([UInt8]) -> [UInt8]
    let isSound: Bool

    /// A key whose code is computed by the caller, such as HMAC-SHA-256 by a library for cryptography.
    ///
    /// - Parameters:
    ///   - id: the name that stands in the token: 1 to 16 letters, digits, `-` or `_`.
    ///   - code: the message authentication code of a message: 16 bytes at the least; more than 32 are cut off.
    public init(id: String, code: @escaping @Sendable (_ message: [UInt8]) -> [UInt8]) {
        self.id = id
        self.code = { Array(code($0).prefix(32)) }
        isSound = 1...16 ~= id.utf8.count && id.utf8.allSatisfy(Base64URL.isDigit)
    }

    /// A key for SipHash-2-4 with 128 bits: fast, and made against forgers who see many tokens, not against those who
    /// try 2⁶⁴.
    public static func sipHash(id: String, key: SipKey) -> TokenKey {
        TokenKey(id: id) { message in
            let (first, second) = SipHash24_128.hash(message, seed: key)
            return [first, second].flatMap { word in
                (0..<8).map { UInt8(truncatingIfNeeded: word >> UInt64(8 * $0)) }
            }
        }
    }
}

/// Writes and reads tokens of the form `v1.kid.body.tag`, body and tag in base64url.
///
/// The tag is a code over the version, the key's name, the service and the body. Two keys allow for rotation: tokens
/// are sealed with the first, and read with either. A token has 256 bytes at the most.
///
/// Whatever is wrong with a token, it is as if there were none: the session is bound anew. Nobody can choose a backend
/// by writing tokens, and nobody learns an address by reading them.
public struct TokenSealer: Sendable {
    /// The most bytes of a token.
    public static let longestToken = 256
    private static let version = "v1"

    /// What the tokens are for; those of another service do not hold here.
    public let service: String
    private let keys: [TokenKey]
    private let opaqueKey: SipKey

    /// Creates a sealer.
    ///
    /// - Parameters:
    ///   - service: what the tokens are for.
    ///   - key: the key to seal with, and to read with.
    ///   - previous: the key that was used before, to read with.
    ///   - opaqueKey: what backends' identities are hidden under: the same on all balancers, and for as long as
    ///     sessions last.
    /// - Throws: ``TopologyError`` if the name of a key is not of the form, both have the same, or a code has not 16
    ///   bytes.
    public init(
        service: String, key: TokenKey, previous: TokenKey? = nil, opaqueKey: SipKey
    ) throws(TopologyError) {
        keys = [key] + (previous.map { [$0] } ?? [])
        self.service = service
        self.opaqueKey = opaqueKey
        for key in keys {
            guard key.isSound else {
                throw TopologyError(.invalid("key \"\(key.id)\": name it by 1 to 16 letters, digits, - or _"))
            }
            guard key.code([]).count >= 16 else {
                throw TopologyError(.invalid("key \"\(key.id)\" has a code of less than 16 bytes; use HMAC-SHA-256"))
            }
        }
        if previous?.id == key.id { throw TopologyError(.duplicateName(key.id)) }
    }

    /// What stands for a backend in tokens.
    public func opaqueID(of backend: String) -> UInt64 {
        SipHash24.hash(backend, seed: opaqueKey)
    }

    /// The token as text.
    ///
    /// - Throws: ``TopologyError`` if the name of the pool has more than 64 bytes.
    public func seal(_ token: SessionToken) throws(TopologyError) -> String {
        guard token.pool.utf8.count <= SessionToken.longestPool else {
            throw TopologyError(
                .invalid("the pool's name \"\(token.pool)\" has more than 64 bytes; give it a shorter one"))
        }
        let body = token.body
        let key = keys[0]
        return [
            Self.version, key.id, Base64URL.encode(body), Base64URL.encode(key.code(message(body, key: key.id))),
        ].joined(separator: ".")
    }

    /// The token of a text.
    ///
    /// - Throws: why it does not hold.
    public func open(_ text: some StringProtocol) throws(TokenFault) -> SessionToken {
        guard text.utf8.count <= Self.longestToken else { throw .malformed }
        let parts = text.utf8.split(separator: UInt8(ascii: "."), maxSplits: 4, omittingEmptySubsequences: false)
        guard parts.count == 4 else { throw .malformed }
        guard parts[0].elementsEqual(Self.version.utf8) else { throw .unknownVersion }
        guard let body = Base64URL.decode(parts[2]), let tag = Base64URL.decode(parts[3]) else { throw .malformed }
        guard let key = keys.first(where: { $0.id.utf8.elementsEqual(parts[1]) }) else { throw .unknownKey }
        guard Self.isEqual(tag, key.code(message(body, key: key.id))) else { throw .forged }
        guard let token = SessionToken(body: body) else { throw .malformed }
        return token
    }

    /// What the code is over: each part behind its length, so that no two messages run together.
    private func message(_ body: [UInt8], key: String) -> [UInt8] {
        var bytes: [UInt8] = []
        for part in [Array(Self.version.utf8), Array(key.utf8), Array(service.utf8), body] {
            for shift in stride(from: 24 as UInt32, through: 0, by: -8) {
                bytes.append(UInt8(truncatingIfNeeded: UInt32(truncatingIfNeeded: part.count) >> shift))
            }
            bytes += part
        }
        return bytes
    }

    /// Compares in a time that does not tell where the first difference is.
    static func isEqual(_ one: [UInt8], _ other: [UInt8]) -> Bool {
        guard one.count == other.count else { return false }
        var difference: UInt8 = 0
        for index in one.indices { difference |= one[index] ^ other[index] }
        return difference == 0
    }
}
