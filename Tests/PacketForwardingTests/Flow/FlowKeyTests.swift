import LoadBalancing
import Testing

@testable import PacketForwarding

@Suite struct FlowKeyTests {
    let secret = SipKey(0x0706_0504_0302_0100, 0x0F0E_0D0C_0B0A_0908)
    let v4 = IPAddress(v4: 0xC633_6407)
    let v6 = IPAddress(v6: 0x2001_0DB8_000C_0001, 0x0203_0405_0607_0809)

    @Test func theHashIsSipHashOfClientPortServiceAndProtocol() {
        let short = FlowKey(client: v4, port: 0x9C41, transport: .tcp, service: 0x0102, mode: .oneWay)
        #expect(
            short.hash(FlowHash(secret: secret))
                == SipHash13.hash([0x07, 0x64, 0x33, 0xC6, 0x41, 0x9C, 0x02, 0x01, 6], seed: secret))
        let long = FlowKey(client: v6, port: 0x9C41, transport: .udp, service: 0x0102, mode: .fullNAT)
        let bytes: [UInt8] = [
            0x01, 0x00, 0x0C, 0x00, 0xB8, 0x0D, 0x01, 0x20, 9, 8, 7, 6, 5, 4, 3, 2, 0x41, 0x9C, 0x02, 0x01, 17,
        ]
        #expect(long.hash(FlowHash(secret: secret)) == SipHash13.hash(bytes, seed: secret))
    }

    @Test func withNATTheHashIsThatOfTheAnswers() {
        for client in [v4, v6] {
            let answers = FlowKey(answersTo: client, port: 1024, transport: .tcp).hash(FlowHash(secret: secret))
            for service in [0, 7, 0xFFFE] as [UInt16] {
                let key = FlowKey(client: client, port: 1024, transport: .tcp, service: service, mode: .nat)
                #expect(key.hash(FlowHash(secret: secret)) == answers)
            }
        }
    }

    @Test func keysThatDifferInAnythingHaveOtherHashes() {
        var hashes: Set<UInt64> = []
        var count = 0
        for client in [v4, v6, IPAddress(v4: 0xC633_6408), IPAddress(v6: v6.high, v6.low + 1)] {
            for port in [1, 2] as [UInt16] {
                for transport in [IPProtocol.tcp, .udp] {
                    for service in [1, 2] as [UInt16] {
                        let key = FlowKey(
                            client: client, port: port, transport: transport, service: service, mode: .oneWay)
                        hashes.insert(key.hash(FlowHash(secret: secret)))
                        count += 1
                    }
                }
            }
        }
        #expect(hashes.count == count)
    }
}
