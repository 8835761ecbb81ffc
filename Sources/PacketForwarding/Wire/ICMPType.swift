/// What an ICMP or ICMPv6 message is about, in words common to both (RFC 792, RFC 4443, RFC 4861).
enum ICMPType: Hashable, Sendable {
    case echoRequest(IPVersion)
    case echoReply(IPVersion)
    case unreachable(IPVersion)
    /// ICMPv6 alone; ICMP says "unreachable" with ``fragmentationNeeded``.
    case packetTooBig
    case timeExceeded(IPVersion)
    case neighbourSolicitation
    case neighbourAdvertisement
    /// An error of another type: redirect, source quench, parameter problem, and those that ICMPv6 has yet to get.
    case otherError(IPVersion, UInt8)
    /// Any other message.
    case other(IPVersion, UInt8)

    /// The code of an ICMP "unreachable" that tells an MTU (RFC 1191 §4).
    static let fragmentationNeeded: UInt8 = 4

    init(version: IPVersion, number: UInt8) {
        self =
            switch (version, number) {
            case (.v4, 0): .echoReply(.v4)
            case (.v4, 3): .unreachable(.v4)
            case (.v4, 8): .echoRequest(.v4)
            case (.v4, 11): .timeExceeded(.v4)
            case (.v4, 4), (.v4, 5), (.v4, 12): .otherError(.v4, number)
            case (.v6, 1): .unreachable(.v6)
            case (.v6, 2): .packetTooBig
            case (.v6, 3): .timeExceeded(.v6)
            case (.v6, ..<128): .otherError(.v6, number)
            case (.v6, 128): .echoRequest(.v6)
            case (.v6, 129): .echoReply(.v6)
            case (.v6, 135): .neighbourSolicitation
            case (.v6, 136): .neighbourAdvertisement
            default: .other(version, number)
            }
    }

    /// The number on the wire.
    var number: UInt8 {
        switch self {
        case .echoRequest(let version): version == .v4 ? 8 : 128
        case .echoReply(let version): version == .v4 ? 0 : 129
        case .unreachable(let version): version == .v4 ? 3 : 1
        case .packetTooBig: 2
        case .timeExceeded(let version): version == .v4 ? 11 : 3
        case .neighbourSolicitation: 135
        case .neighbourAdvertisement: 136
        case .otherError(_, let number), .other(_, let number): number
        }
    }

    /// Whether the message quotes the packet that it is about, and may itself be answered with none (RFC 1122 §3.2.2).
    var isError: Bool {
        switch self {
        case .unreachable, .packetTooBig, .timeExceeded, .otherError: true
        default: false
        }
    }
}
