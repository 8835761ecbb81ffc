/// How a server writes its number into the connection IDs that it chooses.
enum QUICServerIDForm: Hashable, Sendable {
    /// `length` bytes, 1 to 8, from `offset` on.
    case fixed(offset: Int, length: Int)

    /// Katran's three layouts, told apart by the first two bits: 16 bits behind them, or 24 or 32 bits behind the first byte. The ID
    /// has eight bytes at least, and number 0 is nobody's.
    case katran

    /// The unencrypted form of draft-ietf-quic-load-balancers-21: the first three bits name a configuration, 0 to 6, and `length`
    /// bytes, 1 to 8, lie behind the first byte.
    case loadBalancers(configuration: UInt8, length: Int)

    /// The server's number; `nil` if the ID is too short, or not of this form.
    ///
    /// - Parameters:
    ///   - bytes: What the header was read from.
    ///   - header: The packet's header.
    func number(_ bytes: RawSpan, _ header: QUICHeader) -> UInt64? {
        guard let first = header.serverID(bytes, offset: 0, length: 1) else { return nil }
        switch self {
        case .fixed(let offset, let length):
            return header.serverID(bytes, offset: offset, length: length)
        case .katran:
            guard header.destinationID.count >= 8 else { return nil }
            let number: UInt64? =
                switch first >> 6 {
                case 1: header.serverID(bytes, offset: 0, length: 3).map { $0 >> 6 & 0xFFFF }
                case 2: header.serverID(bytes, offset: 1, length: 3)
                case 3: header.serverID(bytes, offset: 1, length: 4)
                default: nil
                }
            return number == 0 ? nil : number
        case .loadBalancers(let configuration, let length):
            guard first >> 5 == configuration, configuration < 7 else { return nil }
            return header.serverID(bytes, offset: 1, length: length)
        }
    }
}
