/// A GRE header (RFC 2784, with key and sequence number of RFC 2890).
struct GREHeader: BitwiseCopyable {
    enum Offset {
        static let flagsAndVersion = 0
        static let protocolType = 2
        static let minimumEnd = 4
    }

    /// Bits of the field at ``Offset/flagsAndVersion``.
    enum Flags {
        static let checksum: UInt16 = 0x8000
        static let routing: UInt16 = 0x4000
        static let key: UInt16 = 0x2000
        static let sequence: UInt16 = 0x1000
        /// Bits that must be 0 (RFC 2784 §2.3), those of the version included.
        static let reserved: UInt16 = 0x0FFF
    }

    /// What the packet holds, by its EtherType.
    let protocolType: EtherType
    /// Bytes from the start of the header to what it carries: 4 to 16.
    let byteCount: Int
    /// Whether a checksum covers the header and what it carries; it stands behind the first four bytes.
    let hasChecksum: Bool

    /// Reads the header at `offset`; `nil` if it is cut short, or has source routes or an unknown version.
    init?(_ bytes: RawSpan, at offset: Int, limit: Int) {
        guard limit &- offset >= Offset.minimumEnd else { return nil }
        let flags = bytes.bigEndian16(at: offset &+ Offset.flagsAndVersion)
        guard flags & (Flags.routing | Flags.reserved) == 0 else { return nil }
        hasChecksum = flags & Flags.checksum != 0
        let words = (flags & (Flags.checksum | Flags.key | Flags.sequence)).nonzeroBitCount
        byteCount = Offset.minimumEnd &+ words &* 4
        guard limit &- offset >= byteCount else { return nil }
        protocolType = EtherType(rawValue: bytes.bigEndian16(at: offset &+ Offset.protocolType))
    }
}
