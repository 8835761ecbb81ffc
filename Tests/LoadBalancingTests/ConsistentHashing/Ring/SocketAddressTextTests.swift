import Testing

@testable import LoadBalancing

@Suite struct SocketAddressTextTests {
    /// IPv6 as RFC 5952 and Rust's `Ipv6Addr` write it.
    @Test(arguments: [
        ("10.0.0.1:443", "10.0.0.1", 443 as UInt16),
        ("255.255.255.255:0", "255.255.255.255", 0),
        ("0.0.0.0:65535", "0.0.0.0", 65535),
        ("[::1]:7777", "::1", 7777),
        ("[::]:1", "::", 1),
        ("[2001:db8::]:1", "2001:db8::", 1),
        ("[2001:DB8:0:0:1:0:0:1]:1", "2001:db8::1:0:0:1", 1),
        ("[2001:0:0:1:0:0:0:1]:1", "2001:0:0:1::1", 1),
        ("[1:2:3:4:5:6:7:8]:1", "1:2:3:4:5:6:7:8", 1),
        ("[1:0:3:4:5:6:7:8]:1", "1:0:3:4:5:6:7:8", 1),
        ("[1:2:3:4:5:6::]:1", "1:2:3:4:5:6::", 1),
        ("[::ffff:10.0.0.1]:80", "::ffff:10.0.0.1", 80),
        ("[64:ff9b::192.0.2.33]:80", "64:ff9b::c000:221", 80),
        ("[1:2:3:4:5:6:1.2.3.4]:80", "1:2:3:4:5:6:102:304", 80),
    ])
    func readsWhatRustReads(text: String, host: String, port: UInt16) {
        let address = SocketAddressText(text)
        #expect(address?.host == host)
        #expect(address?.port == port)
    }

    @Test(arguments: [
        "", ":", ":80", "10.0.0.1", "10.0.0.1:", "10.0.0:80", "10.0.0.256:80", "10.0.0.01:80", "10.0.0.1:65536",
        "10.0.0.1:+80",
        "10.0.0.1.2:80", "localhost:80", "::1:80", "[::1]", "[::1:80", "[::1]80", "[1:2]:80", "[1::2::3]:80",
        "[1:2:3:4:5:6:7:8:9]:80", "[1:2:3:4:5:6:7::8]:80", "[12345::]:80", "[::g]:80", "[:::]:80", "[1.2.3.4::]:80",
        "[::1%1]:80", "[::+1]:80", "[]:80",
    ])
    func readsNothingElse(text: String) {
        #expect(SocketAddressText(text) == nil)
    }

    @Test func comparesAsRustDoes() {
        let order = [
            "2.0.0.0:9", "10.0.0.1:80", "10.0.0.1:443", "10.0.0.2:1", "[::1]:1", "[::1]:2", "[2::]:1", "[10::]:1",
        ]
        #expect(
            order.reversed().compactMap(SocketAddressText.init).sorted() == order.compactMap(SocketAddressText.init))
    }
}
