/// A second opinion about checksums: as the standards define them, two bytes at a time, over an array.
enum ReferenceChecksums {
    static func sum(_ bytes: some Sequence<UInt8>) -> UInt32 {
        var sum: UInt32 = 0
        for (index, byte) in bytes.enumerated() {
            sum += index % 2 == 0 ? UInt32(byte) << 8 : UInt32(byte)
            if sum > 0xFFFF { sum -= 0xFFFF }
        }
        return sum
    }

    private static func add(_ sums: UInt32...) -> UInt32 {
        let sum = sums.reduce(0, +)
        return sum == 0 ? 0 : (sum - 1) % 0xFFFF + 1
    }

    private static func number(_ bytes: [UInt8], _ offset: Int) -> Int {
        Int(bytes[offset]) << 8 | Int(bytes[offset + 1])
    }

    /// What is wrong with the checksums of a frame, and of the packets inside of it; empty if all are right.
    static func faults(_ frame: [UInt8]) -> [String] {
        let link = number(frame, 12) == 0x8100 ? 18 : 14
        switch number(frame, link - 2) {
        case 0x0800: return faults(v4: Array(frame[link...]))
        case 0x86DD: return faults(v6: Array(frame[link...]))
        default: return []
        }
    }

    private static func faults(v4 packet: [UInt8]) -> [String] {
        let header = Int(packet[0] & 15) * 4
        let total = number(packet, 2)
        var faults = packet.count == total ? [] : ["IPv4: \(total) bytes of \(packet.count)"]
        if sum(packet[..<header]) != 0xFFFF { faults.append("IPv4 header") }
        guard number(packet, 6) & 0x3FFF == 0 else { return faults }
        let length = packet.count - header
        let pseudo = add(sum(packet[12..<20]), UInt32(packet[9]), UInt32(length))
        return faults + transport(packet[9], Array(packet[header...]), pseudo: pseudo, version: 4)
    }

    private static func faults(v6 packet: [UInt8]) -> [String] {
        var faults = packet.count == number(packet, 4) + 40 ? [] : ["IPv6: \(packet.count) bytes"]
        var (next, offset) = (packet[6], 40)
        while [0, 43, 44, 60].contains(next) {
            if next == 44, number(packet, offset + 2) & 0xFFF9 != 0 { return faults }
            let length = next == 44 ? 8 : Int(packet[offset + 1]) * 8 + 8
            (next, offset) = (packet[offset], offset + length)
        }
        let length = packet.count - offset
        let pseudo = add(sum(packet[8..<40]), UInt32(next), UInt32(length))
        faults += transport(next, Array(packet[offset...]), pseudo: pseudo, version: 6)
        return faults
    }

    private static func transport(_ number: UInt8, _ bytes: [UInt8], pseudo: UInt32, version: Int) -> [String] {
        switch number {
        case 1: sum(bytes) == 0xFFFF ? [] : ["ICMP"]
        case 4: faults(v4: bytes)
        case 6: add(sum(bytes), pseudo) == 0xFFFF ? [] : ["TCP"]
        case 17 where bytes[6...7] == [0, 0]: version == 4 ? [] : ["UDP: none over IPv6"]
        case 17: add(sum(bytes), pseudo) == 0xFFFF ? [] : ["UDP"]
        case 41: faults(v6: bytes)
        case 47: faults([UInt8](repeating: 0, count: 12) + bytes[2...])
        case 58: add(sum(bytes), pseudo) == 0xFFFF ? [] : ["ICMPv6"]
        default: ["nobody knows protocol \(number)"]
        }
    }
}
