import Testing

@testable import PacketForwarding

/// Frames of the contract's vectors (origin in the comment of each table).
struct PacketTests {
    static let ethernet4 = "020000000001 0200000000fe 0800"
    static let ethernet6 = "020000000001 0200000000fe 86dd"
    static let addresses6 = "20010db8000c00000000000000000007 20010db8000000000000000000000010"

    /// `malformed.json`: cut in the Ethernet, 802.1Q or IP header; EtherType and version that differ.
    @Test(arguments: [
        "02",
        "020000000001",
        "0200000000010200000000fe08",
        "0200000000010200000000fe0800",
        "0200000000010200000000fe080045",
        "0200000000010200000000fe08004500001400004000390055a5c6336407c00002",
        "0200000000010200000000fe810000",
        "0200000000010200000000fe8100000508",
        "0200000000010200000000fe810000050800",
        "\(ethernet4)60000000001e0639\(addresses6)9c41005010000000000000005002faf0332a000042",
        "\(ethernet6)450000320000400039065581c6336407c000020a9c41005010000000000000005002faf0a2790000422fc514801a23f2ce46",
        "\(ethernet6)60000000001e063920010db8000c0000000000000000000720010db80000000000000000000000",
    ])
    func cannotTellWhomItIsFor(frame: String) {
        #expect(read(Bytes.of(frame)) == nil)
    }

    /// `malformed.json`: IHL, total length and header checksum; TCP and UDP headers cut short, data offset, UDP length.
    @Test(arguments: [
        "400000320000400039065a81 c6336407c000020a 9c41005010000000000000005002faf0a2790000422fc514801a23f2ce46",
        "440000320000400039065681 c6336407c000020a 9c41005010000000000000005002faf0a2790000422fc514801a23f2ce46",
        "4f000028000040003906b18c c6336407c000020a 9c41005010000000000000005002faf0a2790000",
        "450000330000400039065580 c6336407c000020a 9c41005010000000000000005002faf0a2790000422fc514801a23f2ce46",
        "4500ffff00004000391155a8 c6336407c000020a 9c410050001c849c422fc514801a23f2ce4672b3b65f1acfbdde76ea",
        "4500001300004000390655a0 c6336407c000020a 9c41005010000000000000005002faf0a2790000422fc514801a23f2ce46",
        "4500000000004000390655b3 c6336407c000020a 9c41005010000000000000005002faf0a2790000422fc514801a23f2ce46",
        "450000320000400039065481 c6336407c000020a 9c41005010000000000000005002faf0a2790000422fc514801a23f2ce46",
        "4500003200004000c8065581 c6336407c000020a 9c41005010000000000000005002faf0a2790000422fc514801a23f2ce46",
        "45000027000040003906558c c6336407c000020a 9c41005010000000000000005002faf0a27900",
        "450000210000400039065592 c6336407c000020a 9c410050100000000000000050",
        "45000014000040003906559f c6336407c000020a",
        "4500001b000040003911558d c6336407c000020a 9c410050001c84",
        "450000140000400039115594 c6336407c000020a",
        "450000320000400039065581 c6336407c000020a 9c41005010000000000000000002faf0a2790000422fc514801a23f2ce46",
        "450000320000400039065581 c6336407c000020a 9c41005010000000000000004002faf0a2790000422fc514801a23f2ce46",
        "450000320000400039065581 c6336407c000020a 9c4100501000000000000000f002faf0a2790000422fc514801a23f2ce46",
        "450000300000400039115578 c6336407c000020a 9c4100500000849c422fc514801a23f2ce4672b3b65f1acfbdde76ea",
        "450000300000400039115578 c6336407c000020a 9c4100500007849c422fc514801a23f2ce4672b3b65f1acfbdde76ea",
        "4500001b000040003901559d c6336407c000020a 0800f7ff000000",
        "450000300000400039115578 c6336407c000020a 9c410050001d849c422fc514801a23f2ce4672b3b65f1acfbdde76ea",
    ])
    func findsMalformedIPv4(bytes: String) throws {
        let packet = try #require(read(Bytes.of(Self.ethernet4 + bytes)))
        #expect(packet.isMalformed)
        #expect(packet.destination == IPAddress("192.0.2.10"))
        #expect(!packet.hasPorts)
    }

    /// `malformed.json`: payload length, TCP and UDP headers, UDP without checksum; extension headers.
    @Test(arguments: [
        "60000000001f0639\(addresses6)9c41005010000000000000005002faf0332a000042",
        "60000000ffff1139\(addresses6)9c410050001c154d422fc514801a23f2ce4672b3b65f1acfbdde76ea",
        "6000000000130639\(addresses6)9c41005010000000000000005002faf0332a00",
        "6000000000000639\(addresses6)",
        "6000000000071139\(addresses6)9c410050001c15",
        "60000000001c1139\(addresses6)9c4100500007154d422fc514801a23f2ce4672b3b65f1acfbdde76ea",
        "60000000001c1139\(addresses6)9c410050001d154d422fc514801a23f2ce4672b3b65f1acfbdde76ea",
        "60000000001c1139\(addresses6)9c410050001c0000422fc514801a23f2ce4672b3b65f1acfbdde76ea",
        "6000000000013c39\(addresses6)06",
        "6000000000073c39\(addresses6)06000104000000",
        "60000000001c3c39\(addresses6)06c80104000000009c41005010000000000000005002faf0accb0000",
        "60000000001c3c39\(addresses6)06030104000000009c41005010000000000000005002faf0accb0000",
        "6000000000072c39\(addresses6)11000000000000",
        "6000000000080039\(addresses6)0600010400000000",
        "6000000000182c39\(addresses6)0600000100001d099c410050100000000000000050020000",
        "6000000000073a39\(addresses6)80000000000000",
    ])
    func findsMalformedIPv6(bytes: String) throws {
        let packet = try #require(read(Bytes.of(Self.ethernet6 + bytes)))
        #expect(packet.isMalformed)
        #expect(packet.destination == IPAddress("2001:db8::10"))
        #expect(!packet.hasPorts)
    }

    @Test
    func readsATaggedSegment() throws {
        // vlan.json, vlan-nat4.
        let bytes = Bytes.of(
            """
            020000000001 0200000000fe 81006064 0800 450000280000400039 06558bc6336407c000020a
            9c41005010000000000000005002faf01c1b0000 0000
            """)
        let packet = try parsed(bytes)
        #expect(!packet.isMalformed)
        #expect(packet.version == .v4)
        #expect(packet.source == IPAddress("198.51.100.7"))
        #expect(packet.destination == IPAddress("192.0.2.10"))
        #expect(packet.sourcePort == 40001)
        #expect(packet.destinationPort == 80)
        #expect(packet.flags == .syn)
        #expect(packet.transport == .tcp)
        #expect(packet.part == .whole)
        #expect(packet.hopLimit == 57)
        #expect(packet.dontFragment)
        #expect(packet.networkOffset == 18)
        #expect(packet.transportOffset == 38)
        #expect(packet.end == 58)
        #expect(packet.byteCount == 40)
    }

    /// `fragments.json`; the others are an atomic fragment, a fragment with options before its header, and fragments of
    /// fragments, which no honest sender makes: the one without a transport header decides.
    @Test(
        arguments: [
            (
                "600000000018 2c39 \(addresses6) 1100000100001d09 9c41005007d8bb83 422fc51480010203", .first, 0, 0x1D09,
                true
            ),
            ("600000000010 2c39 \(addresses6) 110004b100001d09 e590a16672ec103e", .later, 1200, 0x1D09, false),
            ("600000000010 2c39 \(addresses6) 1100073000001d09 6b4a09f1249b60bf", .later, 1840, 0x1D09, false),
            (
                "60000000001c 2c39 \(addresses6) 0600000001020304 9c41005010000000 0000000050020000 00000000", .whole,
                0, 0x0102_0304, true
            ),
            (
                "600000000018 3c39 \(addresses6) 2c00010400000000 110004b100001d09 e590a16672ec103e", .later, 1200,
                0x1D09,
                false
            ),
            // What it carries would be another extension header, had it not begun before.
            ("600000000010 2c39 \(addresses6) 3c0004b100001d09 ffff0a16672ec103", .later, 1200, 0x1D09, false),
            (
                "600000000018 2c39 \(addresses6) 2c00000100000007 110004b100000008 e590a16672ec103e", .later, 1200, 8,
                false
            ),
            (
                "600000000018 2c39 \(addresses6) 2c00000100000007 1100000100000008 9c41005007d8bb83", .first, 0, 7, true
            ),
            (
                "600000000018 2c39 \(addresses6) 2c00000000000007 1100000100000008 9c41005007d8bb83", .first, 0, 8, true
            ),
        ] as [(String, Packet.Part, UInt16, UInt32, Bool)])
    func tellsFragmentsOfIPv6(bytes: String, part: Packet.Part, offset: UInt16, identification: UInt32, hasPorts: Bool)
        throws
    {
        let packet = try #require(read(Bytes.of(Self.ethernet6 + bytes)))
        #expect(!packet.isMalformed)
        #expect(packet.part == part)
        #expect(packet.fragmentOffset == offset)
        #expect(packet.identification == identification)
        #expect(packet.hasPorts == hasPorts)
    }

    /// `fragments.json`, the lengths cut to the headers.
    @Test(
        arguments: [
            ("4500001c1d0920003911 0000 c6336407c000020a 9c41005007d82ad3", .first, 0, true),
            ("4500001c1d0920963911 0000 c6336407c000020a e590a16672ec103e", .later, 1200, false),
            ("4500001c1d0900e63911 0000 c6336407c000020a 6b4a09f1249b60bf", .later, 1840, false),
            ("4500001c1d0940003911 0000 c6336407c000020a 9c41005000082ad3", .whole, 0, true),
        ] as [(String, Packet.Part, UInt16, Bool)])
    func tellsFragmentsOfIPv4(bytes: String, part: Packet.Part, offset: UInt16, hasPorts: Bool) throws {
        var bytes = Bytes.of(Self.ethernet4 + bytes)
        let checksum = sum(bytes, 14..<34).checksum
        (bytes[24], bytes[25]) = (UInt8(checksum >> 8), UInt8(checksum & 0xFF))
        let packet = try parsed(bytes)
        #expect(!packet.isMalformed)
        #expect(packet.part == part)
        #expect(packet.fragmentOffset == offset)
        #expect(packet.identification == 0x1D09)
        #expect(packet.hasPorts == hasPorts)
    }

    /// Eight extension headers are walked over, a ninth is one too many.
    @Test(arguments: 0..<12)
    func walksOverEightExtensionHeaders(count: Int) throws {
        let headers = (0..<count).map { $0 == count - 1 ? "0600010400000000" : "3c00010400000000" }.joined()
        let length = UInt16(count * 8 + 20)
        let bytes = Bytes.of(
            """
            \(Self.ethernet6) 60000000 \(Bytes.hexadecimal([UInt8(length >> 8), UInt8(length & 0xFF)])) \
            \(count == 0 ? "06" : "3c") 39 \(Self.addresses6) \(headers) 9c41005010000000000000005002faf0accb0000
            """)
        let packet = try parsed(bytes)
        #expect(packet.isMalformed == (count > 8))
        #expect(packet.hasPorts == (count <= 8))
        if count <= 8 { #expect(Int(packet.transportOffset) == 54 + count * 8) }
    }

    /// A tag that the kernel took out counts as the first one.
    @Test
    func takesASecondTagForAnotherProtocol() throws {
        let tagged = Bytes.of("020000000001 0200000000fe 81006064 0800 4500")
        let alone = try #require(tagged.withRawSpan { EthernetHeader($0) })
        #expect(alone.etherType == .ipv4)
        #expect(alone.hasTag)
        let second = try #require(tagged.withRawSpan { EthernetHeader($0, tag: VLANTag(control: 1)) })
        #expect(second.etherType == .vlan)
        #expect(!second.hasTag)
    }

    /// What noise may look like: the headers that matter are likely, everything else is anything.
    @Test(arguments: 0..<200 as Range<UInt64>)
    func readsAnything(seed: UInt64) {
        var random = Noise(seed: seed)
        for _ in 0..<100 {
            var bytes = random.bytes(Int(random.next() % 120))
            let version = random.next() % 2 == 0
            for (offset, byte) in [
                (12, version ? 0x08 : 0x86), (13, version ? 0x00 : 0xDD), (14, version ? 0x45 : 0x60),
            ]
            where offset < bytes.count {
                bytes[offset] = UInt8(byte)
            }
            if !version, bytes.count > 20 { bytes[18...20] = [0, UInt8(bytes.count - min(54, bytes.count)), 44] }
            guard let packet = read(bytes), !packet.isMalformed else { continue }
            #expect(packet.end <= bytes.count, "seed \(seed)")
            #expect(Int(packet.transportOffset) <= packet.end, "seed \(seed)")
        }
    }
}
