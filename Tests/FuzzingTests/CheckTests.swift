import PacketForwarding
import Testing

@testable import Fuzzing

/// The check finds what it is there to find: it is shown engines that err by one byte.
struct CheckTests {
    /// The frames that are sent on in the seeds of a file of vectors.
    private static func sent(_ file: String) throws -> [(ForwardingCheck, PlainFrame)] {
        var sent: [(ForwardingCheck, PlainFrame)] = []
        for seed in try Seed.all() where seed.name.hasPrefix(file + "-") {
            guard var run = EngineRun(EngineScript(seed.bytes)) else { continue }
            run.keepsSent = true
            _ = run.run()
            sent += run.kept
        }
        return sent
    }

    /// Of datagrams with a checksum: nobody can say what stood in the ports of others.
    @Test(arguments: ["nat4", "nat6", "dsr", "fullnat", "icmp"])
    func noBitOfWhatIsSentMayBeOther(file: String) throws {
        let sent = try Self.sent(file).filter { try $1.packet().checksumError != nil }
        #expect(sent.count > 5)
        for (check, frame) in sent.prefix(20) {
            #expect(check.faults(after: frame, pieces: []) == [])
            // Behind both MAC addresses: nobody here knows who a next hop is.
            for byte in frame.linkByteCount..<frame.bytes.count {
                var other = frame
                other.bytes[byte] ^= 0x10
                #expect(check.faults(after: other, pieces: []) != [], "byte \(byte) of \(frame.bytes)")
            }
        }
    }

    @Test(arguments: [
        ("ffffffff", 0xFFFF as UInt16), ("0001f203f4f5f6f7", 0xDDF2), ("01", 0x0100), ("", 0),
    ])
    func sumsAreThoseOfRFC1071(digits: String, sum: UInt16) {
        let pairs = stride(from: 0, to: digits.count, by: 2).map { String(digits.dropFirst($0).prefix(2)) }
        #expect(InternetSum.sum(pairs.compactMap { UInt8($0, radix: 16) }) == sum)
    }
}
