import Foundation
import PacketForwarding
import Testing

@testable import PcapReplay

/// The configuration that the example has, and frames to its services.
struct ReplayTests {
    private static let folder = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "../PcapReplay")

    private static func configuration() throws -> ForwardingConfiguration {
        let data = try Data(contentsOf: folder.appending(path: "lab.json"))
        return try JSONDecoder().decode(ForwardingConfiguration.self, from: data)
    }

    private static func bytes(_ digits: String) -> [UInt8] {
        let digits = digits.filter { $0 != " " }
        return stride(from: 0, to: digits.count, by: 2).compactMap {
            UInt8(digits.dropFirst($0).prefix(2), radix: 16)
        }
    }

    /// A SYN to the web service as its sender's own host shows it: the sum of the pseudo header stands for the checksum.
    private static let syn = bytes(
        "020000000001 020000000002 0800 45000028 00004000 40066e3c 0a420002 c0000250"
            + "9c400050 10000000 00000000 5002fff0 ccae0000")

    private static func captured(_ bytes: [UInt8], at milliseconds: UInt64, original: Int? = nil) -> CapturedFrame {
        CapturedFrame(
            time: 1_700_000_000_000_000_000 + milliseconds * 1_000_000, interface: 0, bytes: bytes,
            originalByteCount: original ?? bytes.count)
    }

    @Test func listsWhatBecomesOfEachFrame() throws {
        var stray = Self.syn
        stray[47] = 0x10
        stray[35] = 0x41
        var other = Self.syn
        other[5] = 9
        var replay = try Replay(Self.configuration())
        replay.run(
            Capture(frames: [
                Self.captured(Self.syn, at: 0), Self.captured(stray, at: 1), Self.captured(other, at: 2),
                Self.captured(Self.syn, at: 3, original: 60), Self.captured(Self.syn, at: 1),
            ]))
        #expect(replay.outcomes.map(\.verdict) == ["sent", "dropped", "passed", "skipped", "sent"])
        #expect(replay.outcomes.map(\.reason) == [nil, "no-flow", nil, "captured 54 of 60 bytes", nil])
        #expect(replay.outcomes.map(\.service) == ["web", "web", nil, nil, "web"])
        #expect(replay.outcomes.map(\.backend) == ["a", nil, nil, nil, "a"])
        #expect(replay.outcomes.map(\.sent) == [[1], [], [], [], [2]])
        #expect(replay.outcomes.map(\.seconds) == [0, 0.001, 0.002, 0.003, 0.003])
    }

    /// Computed apart from this: the sums over the IPv4 header and over pseudo header and segment are 0xFFFF.
    @Test func whatIsSentHasTheChecksumThatTheSenderLeftOut() throws {
        var replay = try Replay(Self.configuration())
        replay.run(Capture(frames: [Self.captured(Self.syn, at: 0)]))
        let sent = try #require(replay.sent.first?.bytes)
        func sum(_ bytes: [UInt8]) -> Int {
            let words = stride(from: 0, to: bytes.count, by: 2).map { Int(bytes[$0]) << 8 | Int(bytes[$0 + 1]) }
            return words.reduce(0) { sum, word in (sum + word) % 0xFFFF }
        }
        #expect(Array(sent[30..<34]) == [10, 66, 0, 11])
        #expect(sum(Array(sent[14..<34])) == 0)
        #expect(sum(Array(sent[26...]) + [0, 6, 0, 20]) == 0)
    }

    @Test func interfacesAreFoundByTheirNames() throws {
        var configuration = try Self.configuration()
        configuration.interfaces.insert(
            InterfaceConfiguration(name: "other", mac: MACAddress(bits: 0x0200_0000_0099)), at: 0)
        var replay = try Replay(configuration)
        replay.run(Capture(frames: [Self.captured(Self.syn, at: 0)], interfaces: ["lab0"]))
        replay.run(Capture(frames: [Self.captured(Self.syn, at: 0)], interfaces: ["eth7"]))
        #expect(replay.outcomes.map(\.interface) == ["lab0", "other"])
        #expect(replay.outcomes.map(\.verdict) == ["sent", "passed"])
    }

    @Test(arguments: [
        (["a", "b", "--output", "c", "--explain"], nil as String?),
        ([], "a configuration and a capture are needed, not 0 files; see --help"),
        (["a", "b", "c"], "a configuration and a capture are needed, not 3 files; see --help"),
        (["a", "b", "--json"], "--json needs a value"),
        (["a", "b", "--what"], "there is no option \"--what\"; see --help"),
    ])
    func argumentsAreWhatTheUsageSays(words: [String], problem: String?) {
        var found: String?
        do throws(ArgumentError) {
            let arguments = try Arguments(words)
            #expect((arguments.configuration, arguments.capture) == ("a", "b"))
            #expect(arguments.output == "c" && arguments.explains)
        } catch {
            found = error.description
        }
        #expect(found == problem)
    }
}
