/// What every version of QUIC shows of its packets (RFC 8999).
struct QUICHeader {
    enum Offset {
        static let form = 0
        static let version = 1
        static let destinationLength = 5
        static let longDestination = 6
        static let shortDestination = 1
    }

    /// Types of packets with a long header (RFC 9000 §17.2, RFC 9369 §3.2).
    enum LongType: Hashable, Sendable {
        case initial
        case zeroRTT
        case handshake
        case retry
        /// The server knows none of the client's versions (RFC 8999 §6).
        case versionNegotiation
        /// A packet of a version whose types are not known here.
        case unknown
    }

    static let version1: UInt32 = 0x0000_0001
    static let version2: UInt32 = 0x6B33_43CF

    /// `nil` for a short header.
    let longType: LongType?

    /// Where the destination's connection ID lies.
    ///
    /// Short headers do not tell its length, which the receiver chose: the range goes on to the end.
    let destinationID: Range<Int>

    /// Reads the header of a datagram's first packet; `nil` if it is cut short.
    ///
    /// - Parameters:
    ///   - bytes: The datagram, or the packet or frame that it lies in.
    ///   - datagram: Where the payload of the datagram lies: inside of `bytes`.
    init?(_ bytes: RawSpan, in datagram: Range<Int>) {
        guard !datagram.isEmpty else { return nil }
        let first = bytes.byte(at: datagram.lowerBound)
        // The fixed bit below says nothing: it may be clear (RFC 9287).
        guard first & 0x80 != 0 else {
            longType = nil
            destinationID = datagram.lowerBound &+ Offset.shortDestination..<datagram.upperBound
            return
        }
        guard datagram.count >= Offset.longDestination else { return nil }
        let version = bytes.bigEndian32(at: datagram.lowerBound &+ Offset.version)
        let start = datagram.lowerBound &+ Offset.longDestination
        let length = Int(bytes.byte(at: datagram.lowerBound &+ Offset.destinationLength))
        guard datagram.upperBound &- start >= length else { return nil }
        destinationID = start..<start &+ length
        longType = Self.longType(first: first, version: version)
    }

    private static func longType(first: UInt8, version: UInt32) -> LongType {
        // Version 2 counts the same types from another start.
        let rotation: UInt8
        switch version {
        case 0: return .versionNegotiation
        case version1: rotation = 0
        case version2: rotation = 1
        default: return .unknown
        }
        switch (first &>> 4 &- rotation) & 3 {
        case 0: return .initial
        case 1: return .zeroRTT
        case 2: return .handshake
        default: return .retry
        }
    }

    /// The number that the receiver put into its connection ID.
    ///
    /// - Parameters:
    ///   - bytes: What the header was read from.
    ///   - offset: Where in the ID the number begins.
    ///   - length: Its bytes, 1 to 8, the first one uppermost.
    /// - Returns: `nil` for a packet that is too short.
    func serverID(_ bytes: RawSpan, offset: Int, length: Int) -> UInt64? {
        guard offset >= 0, (1...8).contains(length), destinationID.count >= offset + length else { return nil }
        var number: UInt64 = 0
        for index in 0..<length {
            number = number &<< 8 | UInt64(bytes.byte(at: destinationID.lowerBound &+ offset &+ index))
        }
        return number
    }
}

extension Packet {
    /// Where the payload of the datagram lies in the frame: behind its UDP header, and no longer than that says.
    ///
    /// - Parameter bytes: The frame; it holds a datagram with its header.
    /// - Returns: An empty range for a datagram without payload.
    func datagramPayload(_ bytes: RawSpan) -> Range<Int> {
        let length = Int(bytes.bigEndian16(at: Int(transportOffset) &+ UDPHeader.Offset.length))
        return Int(payloadOffset)..<Swift.max(Int(payloadOffset), Swift.min(end, Int(transportOffset) &+ length))
    }
}
