import Glibc
import LoadBalancing
import PacketForwarding

/// Packets of a client that means no good, straight out of its interface.
enum Flood {
    /// What they are.
    enum Kind: Sendable {
        /// SYNs of clients that there are not.
        case syn
        /// Frames that look like packets to a service, with a few bytes changed and some cut off.
        case malformed
    }

    /// Sends `count` frames to a service by IPv4; beyond so many they come again.
    ///
    /// - Returns: how many the kernel took.
    static func send(
        _ count: Int, _ kind: Kind, from host: LabHost, router: LabHost, to address: IPAddress
    ) throws -> UInt64 {
        let station = try router.inside { try HostNetwork.read() }.interfaceConfiguration(of: "c1")?.mac
        let own = try host.inside { try HostNetwork.read() }.interfaceConfiguration(of: "c0")?.mac
        guard let station, let own else { throw LabError("the client has no link") }
        return try host.inside {
            var link = try PacketLink(
                "c0", number: 0, options: PacketLinkOptions(slotCount: 2, largeSlotCount: 1, blockCount: 1))
            let different = min(count, 1 << 15)
            var pool = FramePool(frameCount: different, byteCount: 128, headroom: 64)
            var frames = FrameBatch(capacity: different)
            var random = SeededGenerator(seed: 1)
            while frames.count < different, var frame = pool.take() {
                let bytes = frameBytes(kind, to: address, station, own, &random)
                guard frame.replaceBytes(with: unsafe bytes.span.bytes) else { break }
                frames.append(frame)
            }
            // What the kernel has no room for is sent again, for a while.
            for _ in 0..<20 where link.statistics.sent < UInt64(count) {
                let left = count - Int(link.statistics.sent)
                for number in 0..<left { link.send(&frames[number % different]) }
                link.flush()
            }
            while let frame = frames.popLast() { pool.put(frame) }
            return link.statistics.sent
        }
    }

    private static func frameBytes(
        _ kind: Kind, to address: IPAddress, _ station: MACAddress, _ own: MACAddress, _ random: inout SeededGenerator
    ) -> [UInt8] {
        let draw = random.next()
        // Clients in 198.18.0.0/15, which is for tests (RFC 2544).
        let source = 0xC612_0000 | UInt32(truncatingIfNeeded: draw) & 0x1_FFFF
        var bytes = big(station.bits, 6) + big(own.bits, 6) + [0x08, 0x00]
        var header = [0x45, 0, 0, 40] + [0, 0, 0x40, 0, 64, 6, 0, 0] + big(UInt64(source), 4)
        header += big(UInt64(address.v4Bits), 4)
        let sum = checksum(header)
        header[10] = UInt8(truncatingIfNeeded: sum >> 8)
        header[11] = UInt8(truncatingIfNeeded: sum)
        let port = UInt16(truncatingIfNeeded: draw >> 32) | 1_024
        var segment = big(UInt64(port), 2) + [0, 7] + big(draw >> 16 & 0xFFFF_FFFF, 4) + [0, 0, 0, 0, 0x50, 2, 4, 0]
        segment += [0, 0, 0, 0]
        let transportSum = checksum(Array(header[12..<20]) + [0, 6, 0, 20] + segment)
        segment[16] = UInt8(truncatingIfNeeded: transportSum >> 8)
        segment[17] = UInt8(truncatingIfNeeded: transportSum)
        bytes += header + segment
        guard kind == .malformed else { return bytes }
        for _ in 0..<1 + draw % 4 {
            let place = 14 + Int(random.next() % UInt64(bytes.count - 14))
            bytes[place] = UInt8(truncatingIfNeeded: random.next())
        }
        if draw & 8 == 0 { bytes.removeLast(Int(draw >> 8 % 40)) }
        return bytes
    }

    private static func big(_ number: UInt64, _ count: Int) -> [UInt8] {
        (0..<count).map { UInt8(truncatingIfNeeded: number >> UInt64(8 * (count - 1 - $0))) }
    }

    private static func checksum(_ bytes: [UInt8]) -> UInt16 {
        var sum: UInt32 = 0
        var index = 0
        while index < bytes.count {
            sum += UInt32(bytes[index]) << (index & 1 == 0 ? 8 : 0)
            index += 1
        }
        while sum > 0xFFFF { sum = sum & 0xFFFF + sum >> 16 }
        return ~UInt16(truncatingIfNeeded: sum)
    }
}
