/// What a session's backend is up to when a request of the session comes.
public enum BackendPresence: Hashable, Sendable {
    /// It takes work.
    case present
    /// It takes no new sessions, and goes on with those it has.
    case draining
    /// It has all it can take for now.
    case saturated
    /// It is known not to work.
    case down
    /// It is not among the backends.
    case gone
}

/// What is done with a request of a session.
public enum SessionBinding: Hashable, Sendable {
    /// There is no session, or none that holds: any backend may be chosen. The fault of a token that does not hold.
    case unbound(TokenFault?)
    /// The request goes to the backend that the session belongs to.
    case bound
    /// The session is bound to another backend, because its own is as said.
    case rebound(BackendPresence)
    /// The session's backend is as said, and no other will do.
    case refused(BackendPresence)
}

/// When a session leaves its backend.
public struct RebindingRules: Hashable, Sendable {
    /// Whether sessions stay with a backend that drains: so in nginx, Kubernetes and AWS until the delay is over.
    public var staysWhileDraining: Bool
    /// Whether a request waits for its own backend rather than go elsewhere while that is saturated.
    public var staysWhileSaturated: Bool
    /// Whether no other backend will do: Envoy's `strict`, an error instead of another backend.
    ///
    /// Else the session is
    /// bound anew: HAProxy's `redispatch`.
    public var isStrict: Bool

    /// Creates rules.
    public init(staysWhileDraining: Bool = true, staysWhileSaturated: Bool = false, isStrict: Bool = false) {
        self.staysWhileDraining = staysWhileDraining
        self.staysWhileSaturated = staysWhileSaturated
        self.isStrict = isStrict
    }

    /// What is done with a request whose session's backend is as said.
    public func binding(for presence: BackendPresence) -> SessionBinding {
        let stays =
            switch presence {
            case .present: true
            case .draining: staysWhileDraining
            case .saturated: staysWhileSaturated
            case .down, .gone: false
            }
        if stays { return .bound }
        return isStrict ? .refused(presence) : .rebound(presence)
    }
}

/// Sessions by cookie: which backend a request's token names, and the token to answer with.
///
///     let token = try? affinity.token(in: cookies, pool: "web", at: now)?.get()
///     let lease = try balancer.lease(boundTo: token.flatMap { ids[$0] })
///     let header = try affinity.header(for: lease.id, pool: "web", replacing: token, at: now)
///
/// Servers that keep sessions in a store of their own can do without, and then no session is lost with a server, none
/// makes a server hotter than others, and none has to be waited for when a server drains: prefer that.
public struct SessionAffinity: Sendable {
    /// How tokens are sealed.
    public let sealer: TokenSealer
    /// The cookie.
    public var cookie: StickyCookie
    /// How long sessions last.
    public var lifetime: SessionLifetime

    /// Creates the rules of sessions.
    public init(sealer: TokenSealer, cookie: StickyCookie, lifetime: SessionLifetime = SessionLifetime()) {
        self.sealer = sealer
        self.cookie = cookie
        self.lifetime = lifetime
    }

    /// The token of a request; `nil` if it has none.
    ///
    /// - Parameters:
    ///   - header: the `Cookie` header; `nil` if there is none.
    ///   - pool: the pool that the request goes to.
    ///   - now: seconds of the wall clock.
    /// - Returns: the token, or why it does not hold.
    public func token(in header: String?, pool: String, at now: UInt64) -> Result<SessionToken, TokenFault>? {
        guard let header, let text = cookie.value(in: header) else { return nil }
        do throws(TokenFault) {
            let token = try sealer.open(text)
            if token.pool != pool { return .failure(.otherPool) }
            return lifetime.fault(of: token, at: now).map { .failure($0) } ?? .success(token)
        } catch {
            return .failure(error)
        }
    }

    /// The `Set-Cookie` header of an answer; `nil` if the browser's token is still good.
    ///
    /// - Parameters:
    ///   - backend: who has answered.
    ///   - pool: its pool.
    ///   - token: the request's token, if it had one that holds.
    ///   - now: seconds of the wall clock.
    ///   - answer: the server's own `Set-Cookie` headers, for ``StickyCookie/isPreserved``.
    /// - Returns: the header's value: for a new session, one that was bound anew, or a token that is due to be
    ///   written anew (``SessionLifetime/refreshInterval``).
    /// - Throws: ``TopologyError`` if the name of the pool has more than 64 bytes.
    public func header(
        for backend: String, pool: String, replacing token: SessionToken?, at now: UInt64, answer: [String] = []
    ) throws(TopologyError) -> String? {
        if cookie.isPreserved, answer.contains(where: cookie.isSet) { return nil }
        let opaque = sealer.opaqueID(of: backend)
        var next = SessionToken(
            pool: pool, backend: opaque, firstUse: now, lastUse: now, generation: lifetime.minimumGeneration)
        if let token, token.backend == opaque {
            guard lifetime.isDueForRefresh(token, at: now) else { return nil }
            next.firstUse = min(token.firstUse, now)
            next.generation = token.generation
        }
        return cookie.header(setting: try sealer.seal(next), maximumAge: lifetime.maximumAge(of: next, at: now))
    }
}

/// The identities behind opaque ones: made once for each set of backends.
public struct OpaqueBackends: Sendable {
    private let names: [UInt64: String]

    /// The identities of a set.
    public init(_ ids: some Sequence<String>, sealer: TokenSealer) {
        names = Dictionary(ids.map { (sealer.opaqueID(of: $0), $0) }) { one, _ in one }
    }

    /// The identity of a token's backend; `nil` if the set does not have it.
    public subscript(token: SessionToken) -> String? { names[token.backend] }
}

/// Counts what became of sessions: a few numbers, for many threads.
public final class AffinityCounts: Sendable {
    private let counts = Guarded<[SessionBinding: UInt64]>([:])

    /// Creates counts of 0.
    public init() {}

    /// Counts one request.
    public func add(_ binding: SessionBinding) {
        counts.withLock { $0[binding, default: 0] += 1 }
    }

    /// How many requests of each kind there were.
    public var all: [SessionBinding: UInt64] { counts.withLock { $0 } }
}
