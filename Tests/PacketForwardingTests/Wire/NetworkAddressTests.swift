import LoadBalancing
import PacketForwarding
import Testing

struct NetworkAddressTests {
    @Test(arguments: ["0.0.0.0", "192.0.2.1", "255.255.255.255", "::", "2001:db8::1", "::ffff:192.0.2.1", "ff02::1"])
    func addressesAreTheSameInBothForms(text: String) throws {
        let network = try #require(NetworkAddress(text))
        let address = try #require(IPAddress(text))
        #expect(IPAddress(network) == address)
        #expect(NetworkAddress(address) == network)
    }

    @Test(arguments: ["0.0.0.0/0", "192.0.2.0/24", "192.0.2.1/32", "::/0", "2001:db8::/33", "2001:db8::1/128"])
    func prefixesAreTheSameInBothForms(text: String) throws {
        let network = try #require(NetworkPrefix(text))
        let prefix = try #require(IPPrefix(text))
        #expect(IPPrefix(network) == prefix)
        #expect(NetworkPrefix(prefix) == network)
    }
}
