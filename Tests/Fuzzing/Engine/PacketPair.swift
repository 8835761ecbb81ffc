import PacketForwarding

/// A packet before and after the engine, neither made nor wrapped by it.
struct PacketPair {
    let before: WirePacket
    let after: WirePacket
    let frameBefore: PlainFrame
    let frameAfter: PlainFrame

    /// The packet has gone on as it came, but for what a SYN may announce.
    func checkSame() throws(WireFault) {
        guard before.header == after.header || Array(before.header) == Array(after.header) else {
            throw WireFault("another IP header")
        }
        try checkPayload(ignoring: [])
        try checkChecksum()
    }

    /// Addresses and ports have changed, the hop limit is less by one, and a wrong checksum is as wrong as it was.
    func checkTranslated() throws(WireFault) {
        guard before.byteCount == after.byteCount, before.version == after.version else {
            throw WireFault("another length or version")
        }
        guard before.hopLimit > 1, after.hopLimit == before.hopLimit - 1 else { throw WireFault("hop limit") }
        let changing = before.version == 4 ? Array(8...8) + Array(10..<20) : Array(7..<40)
        guard Self.equal(Array(before.header), Array(after.header), ignoring: Set(changing)) else {
            throw WireFault("more of the IP header than addresses")
        }
        if before.carriesICMP {
            try checkQuotation()
        } else if before.fragmentOffset == 0 {
            guard let field = before.checksumField else { throw WireFault("no transport to translate") }
            try checkPayload(ignoring: [0, 1, 2, 3, field, field + 1])
        } else {
            try checkPayload(ignoring: [])
        }
        try checkChecksum()
    }

    private static func equal(_ first: [UInt8], _ second: [UInt8], ignoring places: Set<Int>) -> Bool {
        first.count == second.count
            && first.indices.allSatisfy { first[$0] == second[$0] || places.contains($0) }
    }

    /// What the packet carries is the same, but for some bytes, and a maximum segment size that became less.
    private func checkPayload(ignoring places: Set<Int>) throws(WireFault) {
        let (first, second) = (Array(before.payload), Array(after.payload))
        guard first.count == second.count else { throw WireFault("another length") }
        var changed = first.indices.filter { first[$0] != second[$0] && !places.contains($0) }
        if changed.isEmpty { return }
        let isTCP = before.transportProtocol == 6 && before.fragmentOffset == 0 && first.count >= 20
        let isSYN = isTCP && first[13] & 2 != 0
        guard isSYN else { throw WireFault("bytes \(changed) of what the packet carries") }
        changed.removeAll { $0 == 16 || $0 == 17 }
        guard let low = changed.min(), let high = changed.max(), low >= 22, high - low <= 1,
            high < Int(first[12] >> 4) * 4
        else { throw WireFault("bytes \(changed) of a SYN") }
        // The option's two bytes, of which one may have stayed.
        let start = [low - 2, low - 3].first { $0 >= 20 && first[$0] == 2 && first[$0 + 1] == 4 }
        guard let start, high <= start + 3 else { throw WireFault("bytes \(changed), no maximum segment size") }
        let sizes = [first, second].map { Int($0[start + 2]) << 8 | Int($0[start + 3]) }
        guard sizes[1] < sizes[0] else { throw WireFault("a larger segment size") }
    }

    /// An ICMP error: of the message all but the checksum stays, of the quotation all but what was translated.
    private func checkQuotation() throws(WireFault) {
        let (first, second) = (Array(before.payload), Array(after.payload))
        guard Self.equal(Array(first.prefix(8)), Array(second.prefix(8)), ignoring: [2, 3]) else {
            throw WireFault("another message")
        }
        // The quoted header's own checksum; then addresses, ports, and the checksum of what it carries.
        let header = before.version == 4 ? Int(first[8] & 15) * 4 : 40
        let fixed = before.version == 4 ? Array(0..<10) + Array(20..<max(20, header)) : Array(0..<8)
        for place in fixed where 8 + place < first.count && first[8 + place] != second[8 + place] {
            throw WireFault("byte \(place) of the quoted header")
        }
        if before.version == 4, first.count >= 8 + header {
            let sums = [first, second].map { InternetSum.sum($0[8..<8 + header]) % 0xFFFF }
            guard sums[0] == sums[1] else { throw WireFault("the quoted header's checksum") }
        }
    }

    /// How wrong the transport checksum is has not changed.
    private func checkChecksum() throws(WireFault) {
        guard before.fragmentOffset == 0 else { return }
        let errors = (Self.error(frameBefore, before), Self.error(frameAfter, after))
        guard errors.0 == errors.1 else {
            let words = [errors.1, errors.0].map { $0.map(String.init) ?? "all" }
            throw WireFault("checksum wrong by \(words[0]), not \(words[1])")
        }
    }

    /// How wrong a transport checksum is, or the sum of the pseudo header that stands in its place; `nil` if it is not to be
    /// had.
    private static func error(_ frame: PlainFrame, _ packet: WirePacket) -> UInt16? {
        guard let field = packet.checksumField else { return nil }
        if case .partial(let start, let offset) = frame.metadata.checksum, Int(start) == packet.transport {
            guard Int(offset) == field, let sum = frame.number(at: packet.transport + field) else { return nil }
            return InternetSum.add(sum, ~packet.pseudoHeader) % 0xFFFF
        }
        return packet.checksumError
    }
}
