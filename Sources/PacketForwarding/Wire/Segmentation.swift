/// How a frame that holds more than a link takes at once is to be cut into segments.
///
/// Senders and receivers of large amounts leave the cutting to the interface (TSO, USO) and get pieces joined by it (GRO).
public struct Segmentation: Hashable, Sendable, BitwiseCopyable {
    /// What the frame holds.
    public enum Kind: UInt8, Sendable, BitwiseCopyable {
        /// A TCP segment over IPv4.
        case tcpOverIPv4
        /// A TCP segment over IPv6.
        case tcpOverIPv6
        /// UDP datagrams of one flow behind one header.
        case udp
    }

    /// What the frame holds.
    public var kind: Kind

    /// Bytes behind the transport header in each piece but the last.
    public var payloadByteCount: UInt16

    /// Whether the first piece alone is to carry TCP's CWR flag (RFC 3168 §6.1.2).
    public var hasCongestionWindowReduced: Bool

    /// A frame of `kind` to be cut into pieces of `payloadByteCount` bytes.
    public init(kind: Kind, payloadByteCount: UInt16, hasCongestionWindowReduced: Bool = false) {
        self.kind = kind
        self.payloadByteCount = payloadByteCount
        self.hasCongestionWindowReduced = hasCongestionWindowReduced
    }
}
