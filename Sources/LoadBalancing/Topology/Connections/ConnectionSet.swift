/// Which of a backend's connections the next stream or request goes on, and when another is opened: a plain value with
/// one owner at a time, which opens and closes nothing itself.
///
///     switch connections.takeStream(at: now, waiting: queue.count) {
///     case .reuse(let connection): send(request, on: connection)
///     case .connect: queue.append(request); dial()     // then connections.opened(…)
///     case .wait: queue.append(request)                // until that, or until a stream ends
///     }
///
/// A connection that is there is used before another is opened, the one used last before the others: so those that are
/// not needed grow idle and go. One for HTTP/1.1 carries one stream at a time; HTTP/2 and QUIC carry as many as the
/// peer allows; those that are being opened count with ``expectedStreamLimit``, so that a burst opens as many as it needs
/// and no more.
///
/// - Complexity: O(connections) a call.
public struct ConnectionSet<ID: Hashable & Sendable>: Sendable {
    /// What a stream is to do.
    public enum Choice: Hashable, Sendable {
        /// Go on a connection, on which it is counted now.
        case reuse(ID)
        /// Open another, which counts as being opened until ``ConnectionSet/opened(_:streamLimit:at:)`` or
        /// ``ConnectionSet/failedToOpen()``; wait, and ask again then.
        case connect
        /// Wait, and ask again when a stream ends or a connection is open, or could not be opened: those that are being
        /// opened will have room, or there are as many as there may be, and all are full.
        case wait
    }

    /// What is known of a connection.
    private struct Record: Sendable {
        var streams = 0
        /// How many streams were begun in all.
        var begun: UInt64 = 0
        /// How many may be open at once.
        var limit: Int
        /// How many may be begun in all: QUIC's way to count.
        var credit: UInt64?
        var isDraining = false
        var openedAt: Timestamp
        var lastUse: Timestamp
    }

    /// The most connections, those among them that are being opened.
    public var connectionLimit: Int
    /// How many streams a connection that is being opened is expected to carry at once: 1, as HTTP/1.1 does.
    ///
    /// For HTTP/2 and QUIC say what the peer has allowed before, or 100: with less, a burst opens connections that are not
    /// needed; with more than the peer then allows, some wait for another connection to be opened.
    public var expectedStreamLimit: Int
    /// How long a connection is kept without a stream.
    public var idleTime: Duration
    /// How long a connection is used, so that new backends behind one address get their share; `nil` for ever.
    public var lifetime: Duration?

    private var records: [ID: Record] = [:]
    /// In the order of their last use, the last first.
    private var order: [ID] = []
    /// How many are being opened.
    public private(set) var openingCount = 0

    /// Creates a set without connections.
    public init(
        connectionLimit: Int = 8, expectedStreamLimit: Int = 1, idleTime: Duration = .seconds(60),
        lifetime: Duration? = nil
    ) {
        self.connectionLimit = connectionLimit
        self.expectedStreamLimit = expectedStreamLimit
        self.idleTime = idleTime
        self.lifetime = lifetime
    }

    /// How many connections are open, those that drain among them.
    public var count: Int { records.count }

    /// How many streams are open on a connection.
    public func streamCount(of id: ID) -> Int { records[id]?.streams ?? 0 }

    /// Where the next stream goes; it is counted if there is a connection for it.
    ///
    /// - Parameters:
    ///   - now: the present.
    ///   - waiting: how many others wait for a stream already, those for whom connections are being opened among them.
    ///     Without it there is taken to be one for each of these.
    /// - Returns: what to do. Nothing is remembered of those who wait: who asks again is not counted twice.
    public mutating func takeStream(at now: Timestamp, waiting: Int? = nil) -> Choice {
        if let id = order.first(where: { records[$0].map { hasRoom($0, at: now) } ?? false }) {
            records[id]?.streams += 1
            records[id]?.begun += 1
            use(id, at: now)
            return .reuse(id)
        }
        // Those that drain or are too old have no part in the limit: their successors have to be opened.
        let usable = records.values.count { !$0.isDraining && !isOld($0, at: now) }
        guard usable + openingCount < connectionLimit else { return .wait }
        let (room, isEndless) = openingCount.multipliedReportingOverflow(by: max(expectedStreamLimit, 1))
        guard !isEndless, waiting ?? openingCount >= room else { return .wait }
        openingCount += 1
        return .connect
    }

    private func hasRoom(_ record: Record, at now: Timestamp) -> Bool {
        guard !record.isDraining, record.streams < record.limit else { return false }
        if let credit = record.credit, record.begun >= credit { return false }
        return !isOld(record, at: now)
    }

    private func isOld(_ record: Record, at now: Timestamp) -> Bool {
        lifetime.map { now.duration(since: record.openedAt) >= $0 } ?? false
    }

    /// A connection was opened that ``Choice/connect`` asked for.
    ///
    /// - Parameters:
    ///   - id: the connection.
    ///   - streamLimit: how many streams may be open on it at once: 1 for HTTP/1.1, 100 in HTTP/2 until the peer says
    ///     otherwise.
    ///   - now: the present.
    public mutating func opened(_ id: ID, streamLimit: Int, at now: Timestamp) {
        openingCount = max(openingCount - 1, 0)
        guard records[id] == nil else { return }
        records[id] = Record(limit: max(streamLimit, 0), openedAt: now, lastUse: now)
        order.insert(id, at: 0)
    }

    /// A connection that ``Choice/connect`` asked for could not be opened.
    public mutating func failedToOpen() {
        openingCount = max(openingCount - 1, 0)
    }

    /// The peer allows so many open streams: HTTP/2's `SETTINGS_MAX_CONCURRENT_STREAMS`.
    public mutating func setStreamLimit(_ limit: Int, of id: ID) {
        records[id]?.limit = max(limit, 0)
    }

    /// The peer allows so many streams since the connection was opened: QUIC's `MAX_STREAMS`, which never goes back.
    public mutating func setStreamCredit(_ credit: UInt64, of id: ID) {
        guard let known = records[id] else { return }
        records[id]?.credit = max(credit, known.credit ?? 0)
    }

    /// The peer takes no new streams on a connection; those that are open go on.
    ///
    /// So it says by `GOAWAY`, or by `Connection: close`.
    ///
    /// - Returns: whether the connection has no stream, and is to be closed now.
    public mutating func drain(_ id: ID) -> Bool {
        records[id]?.isDraining = true
        return records[id]?.streams == 0
    }

    /// A stream has ended.
    ///
    /// - Parameters:
    ///   - id: its connection.
    ///   - keepsAlive: whether the connection can be used again: not after `Connection: close`, or a body left unread.
    ///   - now: the present.
    /// - Returns: whether the connection is to be closed now: it drains or is too old, and this was its last stream.
    public mutating func endStream(on id: ID, keepsAlive: Bool = true, at now: Timestamp) -> Bool {
        guard let record = records[id], record.streams > 0 else { return false }
        records[id]?.streams -= 1
        use(id, at: now)
        let isLast = record.isDraining || !keepsAlive || isOld(record, at: now)
        if isLast { records[id]?.isDraining = true }
        return record.streams == 1 && isLast
    }

    /// A connection is closed, whoever has closed it.
    ///
    /// - Returns: how many streams were open on it, which have failed.
    @discardableResult
    public mutating func closed(_ id: ID) -> Int {
        order.removeAll { $0 == id }
        return records.removeValue(forKey: id)?.streams ?? 0
    }

    /// The connections to be closed, because they have had no stream for too long.
    public func idle(at now: Timestamp) -> [ID] {
        order.filter { id in
            records[id].map { $0.streams == 0 && now.duration(since: $0.lastUse) >= idleTime } ?? false
        }
    }

    private mutating func use(_ id: ID, at now: Timestamp) {
        records[id]?.lastUse = now
        guard order.first != id, let place = order.firstIndex(of: id) else { return }
        order.remove(at: place)
        order.insert(id, at: 0)
    }
}
