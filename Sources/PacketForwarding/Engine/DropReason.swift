/// Why a packet was not sent on.
@frozen
public enum DropReason: String, Hashable, Sendable, BitwiseCopyable, CaseIterable, Codable, CodingKeyRepresentable {
    /// Headers that are cut short, or contradict one another or the frame.
    case malformed
    /// A fragment whose first one is not known, or that no honest sender makes.
    case fragment
    /// The hop limit is used up.
    case ttlExceeded = "ttl-exceeded"
    /// A segment of a connection that is not known.
    case noFlow = "no-flow"
    /// Nobody takes the packet.
    case noBackend = "no-backend"
    /// No source port is free, or another service's flow has the same answers.
    case noPort = "no-port"
    /// The station address of the next hop is not known.
    case noNeighbour = "no-neighbour"
    /// The packet does not fit the link, or the path to the backend.
    case tooBig = "too-big"
    /// There is no room for another flow.
    case tableFull = "table-full"
    /// An answer was due and withheld, because too many were sent; takes the place of the reason for the answer.
    case rateLimited = "rate-limited"
    /// The memory for frames of the engine's own is used up, or a frame has no room in front of it.
    case noMemory = "no-memory"
}

/// What became of a frame.
@frozen
public enum Verdict: Hashable, Sendable, BitwiseCopyable, Codable {
    /// The frame, as it is now, is to be sent on the interface that its metadata name.
    case send
    /// What the frame held is to be sent in pieces, which were put into the batch for them; the frame itself is not.
    case sendPieces
    /// Dropped; the frame now holds an answer, which is to be sent on the interface that its metadata name.
    case answer(DropReason)
    /// Dropped.
    case drop(DropReason)
    /// Not the engine's: the frame is as it came, and goes to the host's own stack.
    case pass
}
