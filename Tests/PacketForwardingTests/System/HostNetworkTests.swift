import Testing

@testable import PacketForwarding

/// What the kernel's messages say is read, and nothing is made of what they do not say whole.
@Suite struct HostNetworkTests {
    private static func native(_ number: some FixedWidthInteger) -> [UInt8] {
        unsafe withUnsafeBytes(of: number) { unsafe Array($0) }
    }

    /// A message: length, type and flags, no number, no port, and a body (netlink(7)).
    private static func message(_ type: UInt16, flags: UInt16 = 2, _ body: [UInt8] = []) -> [UInt8] {
        let length = native(UInt32(16 + body.count))
        let padding = [UInt8](repeating: 0, count: (4 - body.count % 4) % 4)
        return length + native(type) + native(flags) + [UInt8](repeating: 0, count: 8) + body + padding
    }

    private static func attribute(_ type: UInt16, _ value: [UInt8]) -> [UInt8] {
        let padding = [UInt8](repeating: 0, count: (4 - value.count % 4) % 4)
        return native(UInt16(4 + value.count)) + native(type) + value + padding
    }

    /// `eth1`, number 3, up and running, with a station address and an MTU of 1,400.
    private static let link = message(
        16,
        [0, 0, 1, 0] + native(UInt32(3)) + native(UInt32(0x41)) + native(UInt32(0))
            + attribute(1, [2, 0, 0, 0, 0, 7]) + attribute(3, Array("eth1\0".utf8))
            + attribute(4, native(UInt32(1_400))))
    /// 192.0.2.1/24 on it.
    private static let address = message(20, [2, 24, 0, 0] + native(UInt32(3)) + attribute(1, [192, 0, 2, 1]))
    /// 192.0.2.9 beside it, reachable.
    private static let neighbour = message(
        28,
        [2, 0, 0, 0] + native(UInt32(3)) + native(UInt16(2)) + [0, 1] + attribute(1, [192, 0, 2, 9])
            + attribute(2, [2, 0, 0, 0, 0, 9]))
    private static let whole = link + address + neighbour

    private func read(_ bytes: [UInt8]) -> (HostNetwork, HostNetwork.Answer) {
        var network = HostNetwork()
        let answer = bytes.withRawSpan { network.note($0) }
        return (network, answer)
    }

    @Test func readsWhatThereIs() throws {
        let (network, answer) = read(Self.whole)
        #expect(answer == .goesOn)
        #expect(
            network.interfaces == [
                3: HostNetwork.Interface(name: "eth1", mac: MACAddress(bits: 0x0200_0000_0007), mtu: 1_400, isUp: true)
            ])
        #expect(network.addresses.map(\.address.description) == ["192.0.2.1/24"])
        #expect(network.neighbours.map(\.mac) == [MACAddress(bits: 0x0200_0000_0009)])
    }

    @Test(arguments: [
        ("the end", message(3, native(Int32(0))), HostNetwork.Answer.ended),
        ("the end without a number", message(3), .ended),
        ("an end that failed", message(3, native(Int32(-105))), .failed(105)),
        ("an error", message(2, native(Int32(-1)) + message(16)), .failed(1)),
        ("an acknowledgement", message(2, native(Int32(0)) + message(16)), .ended),
        ("a number that has no opposite", message(2, native(Int32.min)), .ended),
        ("something unknown", message(99, [1, 2, 3]), .goesOn),
        ("what is before the end", link + message(3, native(Int32(0))), .ended),
        ("nothing", [], .goesOn),
    ])
    func saysHowItEnds(what: String, bytes: [UInt8], answer: HostNetwork.Answer) {
        #expect(read(bytes).1 == answer, "\(what)")
    }

    /// Linux says so once, in the message behind the change.
    @Test(arguments: [(flags: UInt16(2), isTorn: false), (0x12, true)])
    func seesThatItChangedMeanwhile(flags: UInt16, isTorn: Bool) {
        let first = Self.message(16, flags: flags, [UInt8](repeating: 0, count: 16))
        #expect(read(first + Self.whole).0.isTorn == isTorn)
    }

    /// Messages that end too soon say nothing.
    @Test func readsNoFurtherThanThereIs() {
        let whole = read(Self.whole).0
        for count in 0..<Self.whole.count {
            let (network, answer) = read(Array(Self.whole.prefix(count)))
            #expect(answer == .goesOn)
            #expect(network.interfaces.isEmpty || network.interfaces == whole.interfaces, "\(count) bytes")
            #expect(network.addresses.isEmpty || network.addresses == whole.addresses, "\(count) bytes")
            #expect(network.neighbours.isEmpty, "\(count) bytes")
        }
    }

    /// A message says one thing at most, whatever is in it.
    @Test(arguments: UInt64(1)...20)
    func survivesAnyBytes(seed: UInt64) {
        var random = Noise(seed: seed)
        for _ in 0..<2_000 {
            var bytes = Self.whole
            for _ in 0..<4 {
                bytes[Int.random(in: 0..<bytes.count, using: &random)] = .random(in: 0...255, using: &random)
            }
            let network = read(bytes).0
            #expect(network.interfaces.count + network.addresses.count + network.neighbours.count <= 3)
        }
    }
}
