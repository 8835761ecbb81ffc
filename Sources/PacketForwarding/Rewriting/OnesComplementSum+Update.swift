/// A sum of what is added to and taken from the words that a checksum covers, applied to it.
extension OnesComplementSum {
    /// The checksum after the change, from the one before it (RFC 1624, equation 3).
    ///
    /// A wrong checksum stays as wrong as it was. The result is never 0xFFFF where computing anew gives 0.
    @inline(__always)
    func updating(_ checksum: UInt16) -> UInt16 {
        var sum = self
        sum.add(UInt64(~checksum))
        return sum.checksum
    }

    /// The sum of a pseudo header after the change, as it stands in a frame whose checksum the interface is to compute.
    @inline(__always)
    func updating(partial sum: UInt16) -> UInt16 {
        var changed = self
        changed.add(UInt64(sum))
        return changed.folded
    }

    /// The sum of a pseudo header (RFC 9293 §3.1, RFC 768, RFC 8200 §8.1).
    ///
    /// - Parameters:
    ///   - source: The packet's sender.
    ///   - destination: Its last receiver.
    ///   - transport: What it carries.
    ///   - byteCount: Bytes from the transport header to the packet's end.
    /// - Returns: What a transport checksum starts from.
    @inline(__always)
    static func pseudoHeader(
        source: IPAddress, destination: IPAddress, transport: IPProtocol, byteCount: Int
    ) -> OnesComplementSum {
        var sum = OnesComplementSum()
        sum.add(source)
        sum.add(destination)
        sum.add(UInt64(transport.rawValue) &+ UInt64(truncatingIfNeeded: byteCount))
        return sum
    }
}
