import LoadBalancing
import Testing

@testable import PacketForwarding

@Suite struct FlowKeyTests {
    let secret = SipKey(0x0706_0504_0302_0100, 0x0F0E_0D0C_0B0A_0908)
    let v4 = IPAddress(v4: 0xC633_6407)
    let v6 = IPAddress(v6: 0x2001_0DB8_000C_0001, 0x0203_0405_0607_0809)

    @Test func withNATTheHashIsThatOfTheAnswers() {
        for client in [v4, v6] {
            let answers = FlowKey(answersTo: client, port: 1024, transport: .tcp).hash(FlowHasher(secret: secret))
            for service in [0, 7, 0xFFFE] as [UInt16] {
                let key = FlowKey(client: client, port: 1024, transport: .tcp, service: service, mode: .nat)
                #expect(key.hash(FlowHasher(secret: secret)) == answers)
            }
        }
    }

    @Test func keysThatDifferInAnythingHaveOtherHashes() {
        var hashes: Set<UInt64> = []
        var count = 0
        for client in [v4, v6, IPAddress(v4: 0xC633_6408), IPAddress(v6: v6.high, v6.low + 1)] {
            for port in [1, 2] as [UInt16] {
                // A service has one protocol; with NAT the protocol counts instead.
                let keys = [
                    FlowKey(client: client, port: port, transport: .tcp, service: 1, mode: .oneWay),
                    FlowKey(client: client, port: port, transport: .udp, service: 2, mode: .fullNAT),
                    FlowKey(client: client, port: port, transport: .tcp, service: 3, mode: .nat),
                    FlowKey(client: client, port: port, transport: .udp, service: 4, mode: .nat),
                ]
                for key in keys { hashes.insert(key.hash(FlowHasher(secret: secret))) }
                count += keys.count
            }
        }
        #expect(hashes.count == count)
    }

    @Test func theServiceAndItsGroupAreThoseOfTheKey() {
        for mode in [FlowMode.oneWay, .nat, .fullNAT] {
            for transport in [IPProtocol.tcp, .udp] {
                let key = FlowKey(client: v4, port: 9, transport: transport, service: 513, mode: mode)
                let number = FlowKey.serviceAndGroup(513, mode, transport)
                let same = FlowKey(client: v4, port: 9, transport: transport, serviceAndGroup: number)
                #expect(same == key)
            }
        }
    }
}
