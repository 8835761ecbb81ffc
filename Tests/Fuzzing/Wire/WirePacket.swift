/// An IP packet taken apart once more, with nothing from the library: what it says is checked by the standards alone.
struct WirePacket {
    let bytes: [UInt8]
    let version: UInt8
    /// Where the packet begins, what it carries, and where it ends.
    let start: Int
    let transport: Int
    let end: Int
    let transportProtocol: UInt8
    /// Bytes of the datagram before this fragment, and whether more follow; a whole packet has none of both.
    let fragmentOffset: Int
    let hasMoreFragments: Bool

    /// Reads the packet at `start`.
    ///
    /// - Throws: what contradicts the standards, the header's own checksum included.
    init(_ bytes: [UInt8], at start: Int, until limit: Int) throws(WireFault) {
        guard limit <= bytes.count, limit - start >= 20 else { throw WireFault("no room for an IP header") }
        self.bytes = bytes
        self.start = start
        version = bytes[start] >> 4
        func number(_ offset: Int) -> Int { Int(bytes[offset]) << 8 | Int(bytes[offset + 1]) }
        switch version {
        case 4:
            let header = Int(bytes[start] & 15) * 4
            end = start + number(start + 2)
            guard header >= 20, start + header <= end, end <= limit else { throw WireFault("IPv4: wrong lengths") }
            transport = start + header
            guard InternetSum.sum(bytes[start..<transport]) == 0xFFFF else { throw WireFault("IPv4: wrong checksum") }
            transportProtocol = bytes[start + 9]
            fragmentOffset = (number(start + 6) & 0x1FFF) * 8
            hasMoreFragments = number(start + 6) & 0x2000 != 0
        case 6:
            guard limit - start >= 40 else { throw WireFault("IPv6: cut short") }
            end = start + 40 + number(start + 4)
            guard end <= limit else { throw WireFault("IPv6: wrong length") }
            var (next, offset, fragment) = (bytes[start + 6], start + 40, 0)
            while [0, 43, 44, 60].contains(next) {
                guard offset + 8 <= end else { throw WireFault("IPv6: extension header cut short") }
                if next == 44, fragment & 0xFFF9 == 0 || number(offset + 2) & 0xFFF8 != 0 {
                    fragment = number(offset + 2)
                }
                let length = next == 44 ? 8 : Int(bytes[offset + 1]) * 8 + 8
                guard offset + length <= end else { throw WireFault("IPv6: extension header beyond the packet") }
                (next, offset) = (bytes[offset], offset + length)
                if fragment & 0xFFF8 != 0 { break }
            }
            transportProtocol = next
            transport = offset
            fragmentOffset = fragment & 0xFFF8
            hasMoreFragments = fragment & 1 != 0
        default: throw WireFault("version \(version)")
        }
    }

    var isWhole: Bool { fragmentOffset == 0 && !hasMoreFragments }
    var header: ArraySlice<UInt8> { bytes[start..<transport] }
    var payload: ArraySlice<UInt8> { bytes[transport..<end] }
    var byteCount: Int { end - start }
    var source: ArraySlice<UInt8> { version == 4 ? bytes[start + 12..<start + 16] : bytes[start + 8..<start + 24] }
    var destination: ArraySlice<UInt8> {
        version == 4 ? bytes[start + 16..<start + 20] : bytes[start + 24..<start + 40]
    }
    var hopLimit: UInt8 { bytes[start + (version == 4 ? 8 : 7)] }
    var trafficClass: UInt8 { version == 4 ? bytes[start + 1] : bytes[start] << 4 | bytes[start + 1] >> 4 }
    /// 0 for IPv4, which has none.
    var flowLabel: UInt32 {
        version == 4 ? 0 : bytes[start + 1..<start + 4].reduce(0) { $0 << 8 | UInt32($1) } & 0xF_FFFF
    }
    var carriesICMP: Bool { transportProtocol == (version == 4 ? 1 : 58) }

    /// Where the checksum stands behind the start of what the packet carries; `nil` if it has none, or is too short.
    var checksumField: Int? {
        let field: Int
        switch transportProtocol {
        case 6: field = 16
        case 17: field = 6
        case 1 where version == 4, 58 where version == 6: field = 2
        default: return nil
        }
        return fragmentOffset == 0 && transport + field + 2 <= end ? field : nil
    }

    /// The sum of the pseudo header; that of ICMP over IPv4, which has none, is 0.
    var pseudoHeader: UInt16 {
        if transportProtocol == 1 { return 0 }
        let length = UInt32(end - transport)
        let rest: [UInt8] = [
            UInt8(length >> 24), UInt8(length >> 16 & 255), UInt8(length >> 8 & 255), UInt8(length & 255), 0,
            transportProtocol,
        ]
        return InternetSum.sum(source + destination + rest)
    }

    /// How wrong the transport checksum is: 0 for a right one, `nil` where there is none to be had.
    var checksumError: UInt16? {
        guard let field = checksumField else { return nil }
        let isAbsent = bytes[transport + field] == 0 && bytes[transport + field + 1] == 0
        if transportProtocol == 17, isAbsent { return nil }
        let sum = InternetSum.add(pseudoHeader, InternetSum.sum(payload))
        return sum == 0xFFFF ? 0 : sum
    }

    /// Throws unless what the packet carries has right lengths and a right checksum, or is a fragment.
    func checkTransport() throws(WireFault) {
        guard isWhole else { return }
        let needed = [6: 20, 17: 8, 1: 8, 58: 8][transportProtocol] ?? 0
        guard payload.count >= needed else { throw WireFault("protocol \(transportProtocol) cut short") }
        if transportProtocol == 17 {
            let length = Int(bytes[transport + 4]) << 8 | Int(bytes[transport + 5])
            guard length >= 8, length <= payload.count else { throw WireFault("UDP: wrong length") }
            guard version == 4 || checksumError != nil else { throw WireFault("UDP over IPv6 without checksum") }
        }
        if transportProtocol == 6 {
            let header = Int(bytes[transport + 12] >> 4) * 4
            guard header >= 20, header <= payload.count else { throw WireFault("TCP: wrong data offset") }
        }
        if let error = checksumError, error != 0 {
            throw WireFault("protocol \(transportProtocol): checksum wrong by \(error)")
        }
    }
}
