/// An ARP message about IPv4 addresses on Ethernet (RFC 826).
struct ARPMessage: BitwiseCopyable {
    enum Offset {
        static let hardware = 0
        static let hardwareLength = 4
        static let operation = 6
        static let senderHardware = 8
        static let sender = 14
        static let targetHardware = 18
        static let target = 24
        static let end = 28
    }

    /// What is asked for or said.
    enum Operation: UInt16, BitwiseCopyable {
        case request = 1
        case reply = 2
    }

    /// The first two fields, of IPv4 on Ethernet: hardware type and protocol.
    static let ethernetAndIPv4: UInt32 = 0x0001_0800
    /// Bytes of their addresses.
    static let lengths: UInt16 = 0x0604

    /// `nil` for an operation that is neither.
    let operation: Operation?
    let senderHardware: MACAddress
    let sender: IPAddress
    let target: IPAddress

    /// Reads the message at `offset`; `nil` if it is cut short or not about IPv4 on Ethernet.
    init?(_ bytes: RawSpan, at offset: Int) {
        guard bytes.byteCount - offset >= Offset.end,
            bytes.bigEndian32(at: offset + Offset.hardware) == Self.ethernetAndIPv4,
            bytes.bigEndian16(at: offset + Offset.hardwareLength) == Self.lengths
        else { return nil }
        operation = Operation(rawValue: bytes.bigEndian16(at: offset + Offset.operation))
        senderHardware = bytes.macAddress(at: offset + Offset.senderHardware)
        sender = IPAddress(v4: bytes.bigEndian32(at: offset + Offset.sender))
        target = IPAddress(v4: bytes.bigEndian32(at: offset + Offset.target))
    }
}
