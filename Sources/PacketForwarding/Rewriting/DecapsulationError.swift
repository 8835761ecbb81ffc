/// Why a receiver does not take a packet out of its tunnel.
public enum DecapsulationError: Error, Hashable, Sendable {
    /// The outer packet is malformed, a fragment, or has a wrong checksum.
    case malformed
    /// The outer packet carries something else.
    case notATunnel
    /// The outer packet comes from nobody who may send.
    case unknownSource
    /// The outer packet is for another host.
    case anotherHost
    /// The inner packet is malformed.
    case malformedInner
    /// The inner packet is for an address that is not served here.
    case unknownDestination
    /// A router reported congestion to an inner packet whose ends do not know of it (RFC 6040 §4.2).
    case congested
}
