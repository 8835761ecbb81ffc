/// The outer header of a tunnel as far as it is the same for all packets: only class, length and checksum are added.
///
/// There is one for IP-in-IP and GRE from one address to one address; what differs by flow, or has a checksum over all
/// of the packet, is made by ``Frame/encapsulate(_:in:flowHash:)``, with which this agrees to the byte.
struct OuterTemplate: Sendable, BitwiseCopyable {
    /// Bytes in front of the packet.
    let byteCount: UInt8
    private let version: IPVersion
    /// What stands behind the outer header with GRE; 0 with IP-in-IP.
    private let shim: UInt32
    /// The first eight bytes as a number, without class and length.
    private let first: UInt64
    /// The next sixteen bytes: of IPv4 time to live, protocol and source, then the destination; of IPv6 the source.
    private let middle: (UInt64, UInt64)
    /// The destination of IPv6.
    private let last: (UInt64, UInt64)
    /// The sum of all that is here, for IPv4.
    private let sum: UInt32

    /// A template for packets of a version; `nil` if outer headers are not the same for all flows.
    init?(_ tunnel: Tunnel, around version: IPVersion) {
        guard case .address(let source) = tunnel.source, tunnel.encapsulation != .gue else { return nil }
        let target = tunnel.destination
        let transport = UInt64(tunnel.transport(around: version).rawValue)
        let type: EtherType = version == .v4 ? .ipv4 : .ipv6
        byteCount = UInt8(tunnel.overhead)
        self.version = target.version
        shim = tunnel.encapsulation == .gre ? UInt32(type.rawValue) : 0
        if target.version == .v4 {
            // Version and header length; identification 0, "don't fragment"; time to live 64.
            first = 0x4500_0000_0000_4000
            middle = (64 << 56 | transport << 48 | UInt64(source.v4Bits), UInt64(target.v4Bits))
            last = (0, 0)
            var sum = OnesComplementSum()
            sum.add(first)
            sum.add(middle.0)
            sum.add(middle.1)
            self.sum = UInt32(sum.folded)
        } else {
            // Version; hop limit 64.
            first = 6 << 60 | transport << 8 | 64
            middle = (source.high, source.low)
            last = (target.high, target.low)
            sum = 0
        }
    }
}

extension Frame {
    /// Puts the packet of an untagged frame into an outer one, and addresses the frame to a station.
    ///
    /// - Parameters:
    ///   - template: The outer header.
    ///   - packetByteCount: The packet's length, with which the outer one is not longer than a packet can be; it ends
    ///     the frame.
    ///   - trafficClass: The packet's class.
    ///   - link: The stations of the link.
    /// - Returns: `false`, and no change, without the headroom.
    @inline(__always)
    mutating func encapsulate(
        in template: OuterTemplate, packetByteCount: Int, trafficClass: UInt8, link: LinkAddresses
    ) -> Bool {
        guard extendFront(by: Int(template.byteCount)) else { return false }
        let bytes = bytes
        template.write(bytes, packetByteCount: packetByteCount, trafficClass: trafficClass)
        link.write(bytes)
        return true
    }
}

extension OuterTemplate {
    /// Writes the EtherType and the outer header into a frame that begins with room for both.
    @inline(__always)
    fileprivate func write(_ frame: FrameBytes, packetByteCount: Int, trafficClass: UInt8) {
        let network = EthernetHeader.Offset.untaggedEnd
        let length = UInt64(truncatingIfNeeded: packetByteCount &+ Int(byteCount))
        if version == .v4 {
            precondition(frame.count >= network &+ IPv4Header.Offset.minimumEnd &+ 4, "no room for an outer header")
            frame.store(bigEndian: EtherType.ipv4.rawValue, at: network &- 2)
            let classAndLength = UInt64(trafficClass) &<< 16 | length
            // At most 0xFFFF + 0xFF + 0xFFFF: two steps bring the carries in.
            var folded = sum &+ UInt32(trafficClass) &+ UInt32(truncatingIfNeeded: length)
            folded = folded & 0xFFFF &+ folded &>> 16
            folded = folded & 0xFFFF &+ folded &>> 16
            let checksum = UInt64(~UInt16(truncatingIfNeeded: folded))
            frame.store(bigEndian: first | classAndLength &<< 32, at: network)
            frame.store(bigEndian: middle.0 | checksum &<< 32, at: network &+ IPv4Header.Offset.timeToLive)
            frame.store(
                bigEndian: UInt32(truncatingIfNeeded: middle.1), at: network &+ IPv4Header.Offset.destination)
            guard shim != 0 else { return }
            frame.store(bigEndian: shim, at: network &+ IPv4Header.Offset.minimumEnd)
        } else {
            precondition(frame.count >= network &+ IPv6Header.Offset.end &+ 4, "no room for an outer header")
            frame.store(bigEndian: EtherType.ipv6.rawValue, at: network &- 2)
            let payload = length &- UInt64(IPv6Header.Offset.end)
            frame.store(bigEndian: first | UInt64(trafficClass) &<< 52 | payload &<< 16, at: network)
            frame.store(bigEndian: middle.0, at: network &+ IPv6Header.Offset.source)
            frame.store(bigEndian: middle.1, at: network &+ IPv6Header.Offset.source &+ 8)
            frame.store(bigEndian: last.0, at: network &+ IPv6Header.Offset.destination)
            frame.store(bigEndian: last.1, at: network &+ IPv6Header.Offset.destination &+ 8)
            guard shim != 0 else { return }
            frame.store(bigEndian: shim, at: network &+ IPv6Header.Offset.end)
        }
    }
}
