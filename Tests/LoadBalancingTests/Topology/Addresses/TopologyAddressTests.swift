import Testing

@testable import LoadBalancing

@Suite struct TopologyAddressTests {
    @Test(arguments: [
        "0.0.0.0", "192.0.2.1", "255.255.255.255", "::", "::1", "2001:db8::1", "2001:db8:1:2:3:4:5:6",
        "1::2:0:0:3", "1:0:2::3", "ff00::", "0:1::",
    ])
    func readsWhatItWrites(text: String) throws {
        let address = try #require(NetworkAddress(text))
        #expect(NetworkAddress(address.description) == address)
        #expect(NetworkAddress(bytes: address.bytes) == address)
    }

    @Test(arguments: [
        (text: "2001:DB8:0:0:0:0:0:1", canonical: "2001:db8::1"), ("::ffff:192.0.2.1", "::ffff:c000:201"),
        ("1:0:0:2:0:0:0:3", "1:0:0:2::3"), ("1:0:2:3:4:5:6:7", "1:0:2:3:4:5:6:7"), ("0:0:1::", "0:0:1::"),
    ])
    func writesAsRFC5952(text: String, canonical: String) {
        #expect(NetworkAddress(text)?.description == canonical)
    }

    @Test(arguments: [
        "", ".", "1.2.3", "1.2.3.4.5", "1.2.3.256", "01.2.3.4", "1.2.3.", "1.2.3.4 ", "+1.2.3.4", ":", ":::", "1::2::3",
        "1:2:3:4:5:6:7", "1:2:3:4:5:6:7:8:9", "::1:2:3:4:5:6:7:8", "12345::", "g::", "::1.2.3", "1.2.3.4::",
        "fe80::1%eth0",
        "1:2:3:4:5:6:7::8:", "::1:",
    ])
    func refuses(text: String) {
        #expect(NetworkAddress(text) == nil)
    }

    @Test(arguments: [
        (prefix: "192.0.2.0/24", inside: "192.0.2.255", outside: "192.0.3.0"), ("0.0.0.0/0", "255.0.0.0", "::"),
        ("2001:db8::/33", "2001:db8:7fff::", "2001:db8:8000::"), ("::1/128", "::1", "::2"),
        ("2001:db8::/64", "2001:db8::ffff:0:0:0", "2001:db8:0:1::"),
    ])
    func prefixes(prefix: String, inside: String, outside: String) throws {
        let prefix = try #require(NetworkPrefix(prefix))
        #expect(prefix.contains(try #require(NetworkAddress(inside))))
        #expect(!prefix.contains(try #require(NetworkAddress(outside))))
        #expect(NetworkPrefix(prefix.description) == prefix)
    }

    @Test(arguments: [
        "192.0.2.1/24", "192.0.2.0/33", "192.0.2.0/", "/24", "192.0.2.0/-1", "192.0.2.0/+8", "::/129", "::/0/0",
    ])
    func refusesPrefixes(text: String) {
        #expect(NetworkPrefix(text) == nil)
    }
}
