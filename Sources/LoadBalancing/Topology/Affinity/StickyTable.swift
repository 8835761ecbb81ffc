/// Which session belongs to which backend, learned from what servers answered: for sessions whose names servers choose.
///
/// As nginx's `sticky learn`, HAProxy's stick tables and the application cookies of AWS. Bounded: when the table is
/// full, the session that was not used for longest makes room. Names are kept as 128-bit keyed hashes, so that a
/// session takes the same memory whatever its name, and strangers cannot crowd the table's buckets.
///
/// A plain value with one owner at a time. The table knows what this balancer has seen, and is gone when its process
/// ends: a token (``SessionToken``) needs no table, and sessions in a store that all servers share need neither.
///
/// - Complexity: O(1) for each call but ``forgetAll(of:)``.
public struct StickyTable: Sendable {
    private struct Name: Hashable, Sendable {
        let first: UInt64
        let second: UInt64
    }

    private struct Entry: Sendable {
        var name: Name
        var backend: String
        var lastUse: Timestamp
        /// The entries used next later and next earlier; -1 for none.
        var newer: Int = -1
        var older: Int = -1
    }

    /// The most sessions.
    public let capacity: Int
    /// How long a session is remembered without being used: 10 min in nginx.
    public let idleTime: Duration
    /// How many sessions had to go while they were in use, to make room.
    public private(set) var evictionCount: UInt64 = 0

    private let key: SipKey
    private var places: [Name: Int] = [:]
    private var entries: [Entry] = []
    private var free: [Int] = []
    private var newest = -1
    private var oldest = -1

    /// Creates a table.
    ///
    /// - Parameters:
    ///   - capacity: the most sessions; 1 at the least.
    ///   - idleTime: how long a session is remembered without being used.
    ///   - key: what names are hashed under.
    public init(capacity: Int, idleTime: Duration = .seconds(600), key: SipKey) {
        self.capacity = max(capacity, 1)
        self.idleTime = idleTime
        self.key = key
    }

    /// How many sessions are remembered, those among them whose time is over and which nobody has asked for since.
    public var count: Int { places.count }

    /// The backend of a session, which counts as a use; `nil` if it is not known, or was not used for too long.
    public mutating func backend(of session: String, at now: Timestamp) -> String? {
        let name = name(of: session)
        guard let place = places[name] else { return nil }
        guard now.duration(since: entries[place].lastUse) < idleTime else {
            remove(place)
            return nil
        }
        entries[place].lastUse = now
        unlink(place)
        link(place)
        return entries[place].backend
    }

    /// Notes which backend has answered for a session.
    public mutating func learn(_ session: String, backend: String, at now: Timestamp) {
        let name = name(of: session)
        if let place = places[name] {
            entries[place].backend = backend
            entries[place].lastUse = now
            unlink(place)
            link(place)
            return
        }
        // At most two that are over are cleared away for each that comes: so they do not pile up.
        for _ in 0..<2 where oldest >= 0 && now.duration(since: entries[oldest].lastUse) >= idleTime { remove(oldest) }
        if places.count >= capacity {
            evictionCount += 1
            remove(oldest)
        }
        let entry = Entry(name: name, backend: backend, lastUse: now)
        let place: Int
        if let last = free.popLast() {
            place = last
            entries[place] = entry
        } else {
            place = entries.count
            entries.append(entry)
        }
        places[name] = place
        link(place)
    }

    /// Forgets a session.
    public mutating func forget(_ session: String) {
        if let place = places[name(of: session)] { remove(place) }
    }

    /// Forgets all sessions of a backend, which has gone for good.
    ///
    /// - Complexity: O(``count``).
    public mutating func forgetAll(of backend: String) {
        for place in places.values.filter({ entries[$0].backend == backend }) { remove(place) }
    }

    private func name(of session: String) -> Name {
        let (first, second) = SipHash24_128.hash(session, seed: key)
        return Name(first: first, second: second)
    }

    private mutating func link(_ place: Int) {
        entries[place].older = newest
        entries[place].newer = -1
        if newest >= 0 { entries[newest].newer = place }
        newest = place
        if oldest < 0 { oldest = place }
    }

    private mutating func unlink(_ place: Int) {
        let (newer, older) = (entries[place].newer, entries[place].older)
        if newer >= 0 { entries[newer].older = older } else { newest = older }
        if older >= 0 { entries[older].newer = newer } else { oldest = newer }
    }

    private mutating func remove(_ place: Int) {
        guard place >= 0 else { return }
        unlink(place)
        places[entries[place].name] = nil
        entries[place].backend = ""
        free.append(place)
    }
}
