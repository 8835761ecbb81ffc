/// What a sticky cookie says: to which backend a session belongs, and since when.
///
/// Times are seconds of the caller's wall clock, mostly since 1970: a token lives longer than a process.
public struct SessionToken: Hashable, Sendable {
    /// The pool that the backend belongs to, up to 64 bytes.
    public var pool: String
    /// What stands for the backend: ``TokenSealer/opaqueID(of:)``, which tells nobody its address.
    public var backend: UInt64
    /// When the session was bound, in seconds.
    public var firstUse: UInt64
    /// When it was last seen, in seconds.
    public var lastUse: UInt64
    /// The generation of the binding: tokens of generations before ``SessionLifetime/minimumGeneration`` are void.
    public var generation: UInt32

    /// Creates a token.
    public init(pool: String, backend: UInt64, firstUse: UInt64, lastUse: UInt64, generation: UInt32 = 0) {
        self.pool = pool
        self.backend = backend
        self.firstUse = firstUse
        self.lastUse = lastUse
        self.generation = generation
    }
}

extension SessionToken {
    /// The longest name of a pool, in bytes.
    static let longestPool = 64
    private static let fixedLength = 28

    /// The bytes that are sealed: four numbers, the highest byte first, and the pool.
    var body: [UInt8] {
        var bytes: [UInt8] = []
        for number in [backend, firstUse, lastUse] {
            for shift in stride(from: 56 as UInt64, through: 0, by: -8) {
                bytes.append(UInt8(truncatingIfNeeded: number >> shift))
            }
        }
        for shift in stride(from: 24 as UInt32, through: 0, by: -8) {
            bytes.append(UInt8(truncatingIfNeeded: generation >> shift))
        }
        return bytes + pool.utf8
    }

    /// Reads what ``body`` writes; `nil` for anything else.
    init?(body: [UInt8]) {
        guard body.count >= Self.fixedLength, body.count <= Self.fixedLength + Self.longestPool else { return nil }
        func number(at offset: Int, count: Int) -> UInt64 {
            body[offset..<(offset + count)].reduce(0) { $0 << 8 | UInt64($1) }
        }
        let pool = String(decoding: body[Self.fixedLength...], as: UTF8.self)
        guard pool.utf8.elementsEqual(body[Self.fixedLength...]) else { return nil }
        self.init(
            pool: pool, backend: number(at: 0, count: 8), firstUse: number(at: 8, count: 8),
            lastUse: number(at: 16, count: 8), generation: UInt32(truncatingIfNeeded: number(at: 24, count: 4)))
    }
}

/// How long a session stays with its backend.
public struct SessionLifetime: Hashable, Sendable {
    /// How long it may go unused: HAProxy's `maxidle`; `nil` for ever.
    ///
    /// Counted from when the token was written, not from each use: a session may end up to ``refreshInterval`` before it
    /// has been unused for so long.
    public var maximumIdle: Duration?
    /// How old a token may become before it is written anew, where sessions may not go unused: zero for with each answer;
    /// `nil` for half of ``maximumIdle``, so that few answers set a cookie.
    public var refreshInterval: Duration?
    /// How long it may last in all: HAProxy's `maxlife`; `nil` for ever.
    public var maximumLife: Duration?
    /// How far a token's times may lie ahead of the clock: a day, as in HAProxy.
    public var maximumAhead: Duration
    /// Tokens of generations before are void: counts up when all sessions are to be bound anew.
    public var minimumGeneration: UInt32

    /// Creates a lifetime.
    public init(
        maximumIdle: Duration? = nil, refreshInterval: Duration? = nil, maximumLife: Duration? = nil,
        maximumAhead: Duration = .seconds(86_400), minimumGeneration: UInt32 = 0
    ) {
        self.maximumIdle = maximumIdle
        self.refreshInterval = refreshInterval
        self.maximumLife = maximumLife
        self.maximumAhead = maximumAhead
        self.minimumGeneration = minimumGeneration
    }

    /// Why a token does not hold at a time; `nil` if it does.
    public func fault(of token: SessionToken, at now: UInt64) -> TokenFault? {
        let ahead = UInt64(clamping: maximumAhead.components.seconds)
        guard max(token.firstUse, token.lastUse) <= now.addingClamped(ahead), token.firstUse <= token.lastUse else {
            return .fromTheFuture
        }
        if token.generation < minimumGeneration { return .oldGeneration }
        if let maximumIdle, now.since(token.lastUse) > maximumIdle.clampedSeconds { return .idleTooLong }
        if let maximumLife, now.since(token.firstUse) > maximumLife.clampedSeconds { return .livedTooLong }
        return nil
    }

    /// How long a browser has to keep a token, in seconds: until it is idle or its life is over, whichever comes first;
    /// `nil` if neither has an end.
    public func maximumAge(of token: SessionToken, at now: UInt64) -> UInt64? {
        let life = maximumLife.map { limit in limit.clampedSeconds.since(now.since(token.firstUse)) }
        let idle = maximumIdle?.clampedSeconds
        return [life, idle].compactMap { $0 }.min()
    }

    /// Whether a token is due to be written anew: ``refreshInterval`` is over.
    ///
    /// Without ``maximumIdle`` never.
    public func isDueForRefresh(_ token: SessionToken, at now: UInt64) -> Bool {
        guard let maximumIdle else { return false }
        return now.since(token.lastUse) >= refreshInterval?.clampedSeconds ?? maximumIdle.clampedSeconds / 2
    }
}

extension UInt64 {
    /// How much later this is; 0 if it is earlier.
    fileprivate func since(_ other: UInt64) -> UInt64 { self > other ? self - other : 0 }

    fileprivate func addingClamped(_ other: UInt64) -> UInt64 {
        let (sum, overflow) = addingReportingOverflow(other)
        return overflow ? .max : sum
    }
}

extension Duration {
    /// Whole seconds; 0 when negative.
    fileprivate var clampedSeconds: UInt64 { UInt64(clamping: components.seconds) }
}
