/// Answers to echo requests.
extension Frame {
    /// Becomes the answer to the echo request that the frame holds (RFC 792, RFC 4443 §4.2).
    ///
    /// Class, identifier, sequence number and data are those of the request; options and extension headers are not
    /// repeated. The link header keeps its tag and its addresses, which are to be set.
    ///
    /// - Parameter packet: What the frame holds.
    /// - Returns: `false`, and no change, if that is not a whole echo request, or there is no room.
    mutating func becomeEchoReply(to packet: Packet) -> Bool {
        let request = withBytes { ICMPHeader($0, of: packet) }
        guard packet.part == .whole, request?.type == .echoRequest(packet.version) else { return false }
        truncate(to: packet.end)
        let network = Int(packet.networkOffset)
        let header = OriginatedHeader.byteCount(packet.version)
        guard moveLinkHeader(network, leaving: header, before: Int(packet.transportOffset)) else { return false }
        let type = ICMPType.echoReply(packet.version)
        store(bigEndian: UInt16(type.number) << 8, at: network + header)
        finishICMP(from: packet.destination, to: packet.source, at: network, trafficClass: packet.trafficClass)
        return true
    }
}
