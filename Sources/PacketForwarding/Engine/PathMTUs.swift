/// What routers have said about the paths to tunnels' ends: the largest packet that gets through, for ten minutes (RFC 1191 §6.3,
/// RFC 8201 §4).
struct PathMTUs {
    private struct Entry {
        var mtu: Int
        var end: FlowTime
    }

    /// A path that nobody has said anything of for so long may be wider again.
    private static let lifetime = FlowTimeout(.seconds(600))

    private var entries: [IPAddress: Entry] = [:]

    /// Whether nothing is known.
    private(set) var isEmpty = true

    /// The largest packet that gets to an address; `nil` where nothing is known.
    func mtu(to address: IPAddress, now: FlowTime) -> Int? {
        guard let entry = entries[address], !entry.end.hasCome(by: now) else { return nil }
        return entry.mtu
    }

    /// Notes that packets above `mtu` do not get to an address; one that is not lower than what is known, or than the
    /// link's, changes nothing.
    mutating func note(_ mtu: Int, to address: IPAddress, link: Int, now: FlowTime) {
        let mtu = max(mtu, address.version == .v4 ? 576 : 1_280)
        guard mtu < self.mtu(to: address, now: now) ?? link else { return }
        entries[address] = Entry(mtu: mtu, end: now + Self.lifetime)
        isEmpty = false
    }

    /// Forgets what has become too old.
    mutating func expire(now: FlowTime) {
        guard !isEmpty else { return }
        entries = entries.filter { !$0.value.end.hasCome(by: now) }
        isEmpty = entries.isEmpty
    }
}
