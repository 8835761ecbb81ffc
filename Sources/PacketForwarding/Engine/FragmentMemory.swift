/// What later fragments of a datagram have in common with its first.
struct FragmentKey: Hashable, Sendable {
    let source: IPAddress
    let destination: IPAddress
    let transport: IPProtocol
    let identification: UInt32

    init(_ packet: Packet) {
        source = packet.source
        destination = packet.destination
        // IPv6 knows a datagram by its ends and its identification alone (RFC 8200 §4.5).
        transport = packet.version == .v4 ? packet.transport : IPProtocol(rawValue: 0)
        identification = packet.identification
    }
}

/// Where the first fragment went.
struct FragmentTrack: Sendable {
    /// The number of the backend, the sender's or the receiver's.
    let backend: UInt32
    let isToClient: Bool
    /// The sender that was written.
    let source: IPAddress
    /// The receiver that was written.
    let destination: IPAddress
    let digest: UInt64
    let clampedUntil: FlowTime
}

struct FragmentMemory {
    private var tracks: [FragmentKey: FragmentTrack] = [:]
    private let capacity: Int
    init(capacity: Int) { self.capacity = capacity }
    mutating func note(_ key: FragmentKey, _ track: FragmentTrack, now: FlowTime) {
        if tracks.count >= capacity { tracks.removeAll(keepingCapacity: true) }
        tracks[key] = track
    }
    func track(_ key: FragmentKey, now: FlowTime) -> FragmentTrack? {
        guard let track = tracks[key], !track.clampedUntil.hasCome(by: now) else { return nil }
        return track
    }
    mutating func expire(now: FlowTime) {}
}
