/// Both station addresses of a link header, as they stand in it.
struct LinkAddresses: Sendable, BitwiseCopyable {
    private let first: UInt64
    private let rest: UInt32

    init(destination: MACAddress, source: MACAddress) {
        first = (destination.bits << 16 | source.bits >> 32).bigEndian
        rest = UInt32(truncatingIfNeeded: source.bits).bigEndian
    }

    /// Writes both into a frame.
    @inline(__always)
    func write(_ frame: FrameBytes) {
        frame.store(bigEndian: UInt64(bigEndian: first), at: EthernetHeader.Offset.destination)
        frame.store(bigEndian: UInt32(bigEndian: rest), at: EthernetHeader.Offset.destination &+ 8)
    }
}

/// The link header: addresses and tag.
extension Frame {
    /// Addresses the frame to a station of the link.
    @inline(__always)
    mutating func setLink(_ addresses: LinkAddresses) {
        addresses.write(bytes)
    }

    /// Addresses the frame to a station of the link.
    @inline(__always)
    mutating func setLink(destination: MACAddress, source: MACAddress) {
        store(bigEndian: destination.bits &<< 16 | source.bits &>> 32, at: EthernetHeader.Offset.destination)
        store(
            bigEndian: UInt32(truncatingIfNeeded: source.bits), at: EthernetHeader.Offset.destination &+ 8)
    }

    /// Says what stands at `networkOffset`, right behind the link header.
    @inline(__always)
    mutating func setEtherType(_ type: EtherType, before networkOffset: Int) {
        store(bigEndian: type.rawValue, at: networkOffset &- 2)
    }

    /// Takes the tag away, wherever it stands: no tag leaves with the frame.
    @inline(__always)
    mutating func removeTag() {
        metadata.tag = nil
        guard byteCount >= EthernetHeader.Offset.taggedEnd,
            bigEndian(at: EthernetHeader.Offset.etherType, as: UInt16.self) == EtherType.vlan.rawValue
        else { return }
        cutTagOut()
    }

    @inline(never)
    private mutating func cutTagOut() {
        copy(0..<EthernetHeader.Offset.etherType, to: EthernetHeader.tagByteCount)
        trimFront(by: EthernetHeader.tagByteCount)
    }

    /// Puts the tag that stands in the metadata into the frame, for a link or file that knows no other place for it.
    ///
    /// - Returns: `false`, and no change, without the headroom.
    mutating func insertTag() -> Bool {
        guard let tag = metadata.tag else { return true }
        guard byteCount >= EthernetHeader.Offset.etherType, extendFront(by: EthernetHeader.tagByteCount) else {
            return false
        }
        let end = EthernetHeader.tagByteCount &+ EthernetHeader.Offset.etherType
        copy(EthernetHeader.tagByteCount..<end, to: 0)
        store(bigEndian: tag.etherType.rawValue, at: EthernetHeader.Offset.etherType)
        store(bigEndian: tag.control, at: EthernetHeader.Offset.tagControl)
        metadata.tag = nil
        return true
    }

    /// Moves the link header so that it ends `byteCount` bytes before what stands at `offset`.
    ///
    /// What stood between the two is gone; what lies there now is undefined, and begins at `linkByteCount` as before.
    ///
    /// - Parameters:
    ///   - linkByteCount: Bytes of the link header, a tag in the frame included.
    ///   - byteCount: Bytes to be written behind it.
    ///   - offset: What is kept, to the end of the frame.
    /// - Returns: `false`, and no change, without the headroom.
    @inline(__always)
    mutating func moveLinkHeader(_ linkByteCount: Int, leaving byteCount: Int, before offset: Int) -> Bool {
        let growth = linkByteCount &+ byteCount &- offset
        if growth > 0 {
            guard extendFront(by: growth) else { return false }
            copy(growth..<growth &+ linkByteCount, to: 0)
        } else if growth < 0 {
            copy(0..<linkByteCount, to: 0 &- growth)
            trimFront(by: 0 &- growth)
        }
        return true
    }
}
