import Foundation
import Glibc
import LoadBalancing
import PacketForwarding
import Testing

@testable import Layer4Balancer

struct ProbeTests {
    @Test(arguments: [
        ("HTTP/1.1 200 OK", HealthReport.Status.healthy), ("HTTP/1.0 302 Found", .healthy),
        ("HTTP/1.1 503 Service Unavailable", .draining), ("HTTP/1.1 500 Oh", .unhealthy), ("HTTP/1.1 404", .unhealthy),
    ])
    func readsStatusLines(line: String, status: HealthReport.Status) throws {
        #expect(try HTTPProbe.report(line).status == status)
    }

    @Test(arguments: ["", "SSH-2.0-OpenSSH_9.2", "HTTP/1.1", "HTTP/1.1 abc"])
    func takesNothingElseForHTTP(line: String) {
        #expect(throws: ProbeError.self) { try HTTPProbe.report(line) }
    }

    /// What is not there is refused at once, and what does not answer costs no more than the timeout.
    @Test(arguments: [HealthSettings.Kind.tcp, .http, .udp])
    func saysThatNobodyIsThere(kind: HealthSettings.Kind) async throws {
        let settings = try JSONDecoder().decode(
            HealthSettings.self, from: Data(#"{"probe": "\#(kind.rawValue)", "port": 9, "timeout": 0.3}"#.utf8))
        let backend = BackendConfiguration(name: "b", address: try #require(IPAddress("127.0.0.1")), port: 9)
        let service = ServiceConfiguration(
            name: "s", transport: .tcp, address: try #require(IPPrefix("203.0.113.1")), port: 9, mode: .nat,
            backends: [backend])
        let prober = Prober(settings, of: service, tunnelSource: TunnelSource())
        await #expect(throws: ProbeError.self) { try await prober.report(on: backend) }
    }

    /// Whoever sums up a whole packet with its checksums gets 0 (RFC 1071).
    @Test(arguments: [
        ("192.0.2.1:40000", "203.0.113.1:80"), ("[2001:db8::1]:40000", "[2001:db8::2]:80"),
    ])
    func sumsUp(from: String, to: String) throws {
        let (source, destination) = (try #require(Endpoint(from)), try #require(Endpoint(to)))
        for flags in [ProbeSegment.Flags.syn, .rst, nil] {
            let packet = ProbeSegment(from: source, to: destination, sequence: 7, flags: flags).packet
            let isV4 = source.address.version == .v4
            let start = isV4 ? 20 : 40
            if isV4 { #expect(InternetChecksum.of(Array(packet[..<20])) == 0) }
            let addresses = Array(isV4 ? packet[12..<20] : packet[8..<40])
            let segment = Array(packet[start...])
            let pseudo = addresses + [0, 0, 0, UInt8(segment.count), 0, 0, 0, flags == nil ? 17 : 6]
            #expect(InternetChecksum.of(pseudo + segment) == 0)
            #expect(segment.count == (flags == nil ? 8 : 20))
        }
        let datagram = ProbeSegment(from: source, to: destination, sequence: 0, flags: nil, payload: [1, 2, 3]).packet
        let start = source.address.version == .v4 ? 20 : 40
        let addresses = Array(start == 20 ? datagram[12..<20] : datagram[8..<40])
        #expect(Array(datagram[(start + 4)..<(start + 6)]) == [0, 11] && Array(datagram.suffix(3)) == [1, 2, 3])
        #expect(InternetChecksum.of(addresses + [0, 0, 0, 11, 0, 0, 0, 17] + datagram[start...]) == 0)
    }

    /// Only the one who was asked is listened to.
    @Test(arguments: ["127.0.0.1", "::1"])
    func hearsWhoWasAsked(text: String) throws {
        let address = try #require(IPAddress(text))
        let (listener, asked, other) = (
            try ProbeSocket(address.version, SOCK_DGRAM), try ProbeSocket(address.version, SOCK_DGRAM),
            try ProbeSocket(address.version, SOCK_DGRAM)
        )
        for socket in [listener, asked, other] { try socket.bind(to: address) }
        for (socket, payload) in [(other, 1), (asked, 2)] as [(ProbeSocket, UInt8)] {
            try socket.connect(to: Endpoint(address, listener.port))
            try socket.send([payload])
        }
        let answer = try listener.receive(
            from: Endpoint(address, asked.port), until: BootTime.now.advanced(by: .seconds(3_600)))
        #expect(answer == [2])
    }

    @Test func readsAnswers() throws {
        var bytes = [UInt8](repeating: 0, count: 20)
        (bytes[1], bytes[3], bytes[11], bytes[13]) = (80, 9, 8, 0x12)
        let answer = try #require(ProbeSegment.Answer(bytes))
        #expect(answer.sourcePort == 80 && answer.destinationPort == 9 && answer.acknowledgement == 8)
        #expect(answer.accepts)
        bytes[13] = 0x14
        #expect(ProbeSegment.Answer(bytes)?.accepts == false)
        #expect(ProbeSegment.Answer(Array(bytes.prefix(19))) == nil)
    }
}
