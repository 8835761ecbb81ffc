/// What a picker is told about the work to place: a small plain value.
@frozen
public struct PickRequest: Hashable, Sendable {
    // Four scalars and one vector: as many as are passed in registers, so that a request costs a pick no memory traffic.
    @usableFromInline var key: UInt64
    @usableFromInline var nanoseconds: UInt64
    /// The backends that this request failed on before.
    public var tried: TriedBackends
    @usableFromInline var hasKey: Bool

    /// Describes a request.
    ///
    /// - Parameters:
    ///   - keyHash: a well mixed 64-bit hash of the key, such as ``XXH64`` gives.
    ///   - time: a time of the balancer's ``TimeSource``.
    ///   - tried: where it has failed already.
    @inlinable
    public init(keyHash: UInt64? = nil, time: Timestamp? = nil, tried: TriedBackends = TriedBackends()) {
        key = keyHash ?? 0
        hasKey = keyHash != nil
        nanoseconds = (time ?? .untimed).nanoseconds
        self.tried = tried
    }

    /// A request that any backend may serve.
    @inlinable
    public static var any: PickRequest { PickRequest() }

    /// The hash of the request's key, for policies that send equal keys to the same backend; `nil` without a key.
    @inlinable
    public var keyHash: UInt64? {
        get { hasKey ? key : nil }
        set {
            key = newValue ?? 0
            hasKey = newValue != nil
        }
    }

    /// The present time, if the caller has it at hand; else a policy that needs it reads the clock.
    @inlinable
    public var time: Timestamp? {
        get { nanoseconds == Timestamp.untimed.nanoseconds ? nil : Timestamp(nanoseconds: nanoseconds) }
        set { nanoseconds = (newValue ?? .untimed).nanoseconds }
    }

    /// The number of attempts before this one.
    @inlinable
    public var attempt: Int { Int(tried.inserted) }

    /// The same request at a time.
    @inlinable
    public func at(_ time: Timestamp) -> PickRequest {
        var request = self
        request.time = time
        return request
    }
}
