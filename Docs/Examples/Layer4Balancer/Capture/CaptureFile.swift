import Foundation
import PacketForwarding

/// Dropped packets as a file for Wireshark and tcpdump, with the reason as each packet's comment (pcapng,
/// draft-ietf-opsawg-pcapng).
enum CaptureFile {
    static func bytes(
        of packets: [(reason: DropReason, packet: DropCapture.Packet)], interfaces: [String], snapLength: Int
    ) -> [UInt8] {
        var file = block(0x0A0D_0D0A) { body in
            body.append(UInt32(0x1A2B_3C4D))
            body.append(UInt16(1))
            body.append(UInt16(0))
            body.append(UInt64.max)
        }
        for name in interfaces {
            file += block(1) { body in
                // Ethernet.
                body.append(UInt16(1))
                body.append(UInt16(0))
                body.append(UInt32(truncatingIfNeeded: snapLength))
                body.append(option: 2, name)
                body.append(option: 0, "")
            }
        }
        for (reason, packet) in packets {
            file += block(6) { body in
                let microseconds = UInt64(max(packet.time.timeIntervalSince1970, 0) * 1e6)
                body.append(UInt32(truncatingIfNeeded: packet.interface))
                body.append(UInt32(truncatingIfNeeded: microseconds >> 32))
                body.append(UInt32(truncatingIfNeeded: microseconds))
                body.append(UInt32(truncatingIfNeeded: packet.bytes.count))
                body.append(UInt32(truncatingIfNeeded: packet.byteCount))
                body.append(padded: packet.bytes)
                body.append(option: 1, reason.rawValue)
                body.append(option: 0, "")
            }
        }
        return file
    }

    /// A block: its type, its length, its body, and its length again.
    private static func block(_ type: UInt32, _ fill: (inout [UInt8]) -> Void) -> [UInt8] {
        var body: [UInt8] = []
        fill(&body)
        let byteCount = UInt32(truncatingIfNeeded: body.count + 12)
        var block: [UInt8] = []
        block.append(type)
        block.append(byteCount)
        block += body
        block.append(byteCount)
        return block
    }
}

extension [UInt8] {
    fileprivate mutating func append(_ number: some FixedWidthInteger) {
        var number = number
        for _ in 0..<number.bitWidth / 8 {
            append(UInt8(truncatingIfNeeded: number))
            number >>= 8
        }
    }

    fileprivate mutating func append(padded bytes: [UInt8]) {
        self += bytes
        self += [UInt8](repeating: 0, count: (4 - bytes.count % 4) % 4)
    }

    fileprivate mutating func append(option code: UInt16, _ text: String) {
        append(code)
        append(UInt16(truncatingIfNeeded: text.utf8.count))
        append(padded: Array(text.utf8))
    }
}
