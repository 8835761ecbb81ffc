import Testing

@testable import PacketForwarding

struct IPAddressTests {
    /// Most are examples of RFC 5952 and RFC 4291.
    @Test(arguments: [
        ("192.0.2.10", "192.0.2.10"),
        ("0.0.0.0", "0.0.0.0"),
        ("255.255.255.255", "255.255.255.255"),
        ("::", "::"),
        ("::1", "::1"),
        ("1::", "1::"),
        ("2001:db8::10", "2001:db8::10"),
        ("2001:DB8:0:0:8:800:200C:417A", "2001:db8::8:800:200c:417a"),
        ("FF01:0:0:0:0:0:0:101", "ff01::101"),
        ("2001:db8:0000:0000:0001:0000:0000:0001", "2001:db8::1:0:0:1"),
        ("2001:db8:0:1:1:1:1:1", "2001:db8:0:1:1:1:1:1"),
        ("2001:0:0:1:0:0:0:1", "2001:0:0:1::1"),
        ("2001:db8::0:1", "2001:db8::1"),
        ("0:0:0:0:0:ffff:192.0.2.1", "::ffff:192.0.2.1"),
        ("::ffff:c000:201", "::ffff:192.0.2.1"),
        ("64:ff9b::192.0.2.33", "64:ff9b::c000:221"),
        ("1:2:3:4:5:6:1.2.3.4", "1:2:3:4:5:6:102:304"),
        ("1:2:3:4:5:6:7::", "1:2:3:4:5:6:7:0"),
        ("::2:3:4:5:6:7:8", "0:2:3:4:5:6:7:8"),
    ])
    func readsAndWrites(text: String, canonical: String) throws {
        let address = try #require(IPAddress(text))
        #expect(address.description == canonical)
        #expect(IPAddress(canonical) == address)
    }

    @Test(arguments: [
        "", ".", "1", "1.2.3", "1.2.3.4.5", "1.2.3.256", "1.2.3.04", "1.2.3.-4", "+1.2.3.4", "1.2.3.4 ", "1.2.3.0x4",
        "1..2.3",
        ":", ":::", "1:", ":1", "1:2:3:4:5:6:7", "1:2:3:4:5:6:7:8:9", "1::2::3", "12345::", "g::", "+1::", "-0::",
        "::-0",
        "::1%eth0",
        "1:2:3:4:5:6:7:1.2.3.4", "1.2.3.4::", "::1.2.3", "1:2:3:4:5:6:7:8::", "::1:2:3:4:5:6:7:8", "::1:",
    ])
    func refuses(text: String) {
        #expect(IPAddress(text) == nil)
    }

    @Test(arguments: 0..<100 as Range<UInt64>)
    func readsWhatItWrites(seed: UInt64) {
        var random = Noise(seed: seed)
        // Masks make runs of zero groups likely.
        let address = IPAddress(v6: random.next() & random.mask(), random.next() & random.mask())
        #expect(IPAddress(address.description) == address, "seed \(seed)")
        let old = IPAddress(v4: UInt32(truncatingIfNeeded: random.next()))
        #expect(IPAddress(old.description) == old, "seed \(seed)")
    }

    @Test
    func keepsTheVersionsApart() throws {
        let four = try #require(IPAddress("192.0.2.1"))
        let mapped = try #require(IPAddress("::ffff:192.0.2.1"))
        #expect(four != mapped)
        #expect(four.high == mapped.high)
        #expect(four.low == mapped.low)
    }

    @Test
    func knowsItsGroups() throws {
        let address = try #require(IPAddress("2001:db8::ab:cdef:1234"))
        #expect(address.solicitedNode.description == "ff02::1:ffef:1234")
        #expect(MACAddress(multicast: address.solicitedNode).description == "33:33:ff:ef:12:34")
        #expect(IPAddress("224.0.0.1")?.isMulticast == true)
        #expect(IPAddress("192.0.2.1")?.isMulticast == false)
        #expect(IPAddress("ff02::1")?.isMulticast == true)
        #expect(IPAddress("fe80::1")?.isMulticast == false)
        #expect(IPAddress("169.254.0.1")?.isLinkLocal == true)
        #expect(IPAddress("169.255.0.1")?.isLinkLocal == false)
        #expect(IPAddress("febf::1")?.isLinkLocal == true)
        #expect(IPAddress("fec0::1")?.isLinkLocal == false)
        #expect(IPAddress("0.0.0.0")?.isUnspecified == true)
        #expect(IPAddress("::")?.isUnspecified == true)
        #expect(IPAddress("::1")?.isUnspecified == false)
    }
}
