import Testing

@testable import PacketForwarding

struct IPPrefixTests {
    @Test(arguments: [
        ("192.0.2.0/24", "192.0.2.255", true),
        ("192.0.2.0/24", "192.0.3.0", false),
        ("192.0.2.77/24", "192.0.2.1", true),
        ("192.0.2.1", "192.0.2.1", true),
        ("192.0.2.1/32", "192.0.2.2", false),
        ("0.0.0.0/0", "203.0.113.9", true),
        ("0.0.0.0/0", "2001:db8::1", false),
        ("128.0.0.0/1", "127.255.255.255", false),
        ("128.0.0.0/1", "128.0.0.0", true),
        ("2001:db8::/32", "2001:db8:ffff::1", true),
        ("2001:db8::/32", "2001:db9::", false),
        ("2001:db8::/64", "2001:db8::ffff:ffff:ffff:ffff", true),
        ("2001:db8::/64", "2001:db8:0:1::", false),
        ("2001:db8::/65", "2001:db8::8000:0:0:0", false),
        ("2001:db8::10/127", "2001:db8::11", true),
        ("2001:db8::10/128", "2001:db8::11", false),
        ("::/0", "2001:db8::1", true),
        ("::/0", "192.0.2.1", false),
        ("::ffff:0:0/96", "192.0.2.1", false),
    ])
    func contains(prefix: String, address: String, isInside: Bool) throws {
        let prefix = try #require(IPPrefix(prefix))
        let address = try #require(IPAddress(address))
        #expect(prefix.contains(address) == isInside)
    }

    @Test(arguments: [
        ("192.0.2.77/24", "192.0.2.0/24"), ("192.0.2.77/0", "0.0.0.0/0"), ("192.0.2.1", "192.0.2.1/32"),
        ("2001:db8::ffff/112", "2001:db8::/112"), ("2001:db8::1", "2001:db8::1/128"), ("ffff::/1", "8000::/1"),
    ])
    func writesItsFirstAddress(text: String, canonical: String) {
        #expect(IPPrefix(text)?.description == canonical)
    }

    @Test(arguments: [
        "", "/8", "192.0.2.0/", "192.0.2.0/33", "192.0.2.0/-1", "192.0.2.0/08", "::/129", "::/1/2", "::/x",
    ])
    func refuses(text: String) {
        #expect(IPPrefix(text) == nil)
    }
}
