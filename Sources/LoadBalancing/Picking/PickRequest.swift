/// What a picker is told about the work to place: a small plain value.
@frozen
public struct PickRequest: Hashable, Sendable {
    /// The hash of the request's key, for policies that send equal keys to the same backend; `nil` without a key.
    public var keyHash: UInt64?
    /// The present time, if the caller has it at hand; else a policy that needs it reads the clock.
    public var time: Timestamp?
    /// The backends that this request failed on before.
    public var tried: TriedBackends

    /// Describes a request.
    ///
    /// - Parameters:
    ///   - keyHash: a well mixed 64-bit hash of the key, such as ``PickRequest/key(_:)-(String)`` computes.
    ///   - time: a time of the balancer's ``TimeSource``.
    ///   - tried: where it has failed already.
    @inlinable
    public init(keyHash: UInt64? = nil, time: Timestamp? = nil, tried: TriedBackends = TriedBackends()) {
        self.keyHash = keyHash
        self.time = time
        self.tried = tried
    }

    /// A request that any backend may serve.
    @inlinable
    public static var any: PickRequest { PickRequest() }

    /// The number of attempts before this one.
    @inlinable
    public var attempt: Int { tried.count }

    /// The same request at a time.
    @inlinable
    public func at(_ time: Timestamp) -> PickRequest {
        var request = self
        request.time = time
        return request
    }
}
