import Testing

@testable import PacketForwarding

struct MACAddressTests {
    @Test(arguments: [
        ("02:00:5e:10:00:01", "02:00:5e:10:00:01", false),
        ("02-00-5E-10-00-FF", "02:00:5e:10:00:ff", false),
        ("2:0:5e:10:0:1", "02:00:5e:10:00:01", false),
        ("ff:ff:ff:ff:ff:ff", "ff:ff:ff:ff:ff:ff", true),
        ("33:33:00:00:00:01", "33:33:00:00:00:01", true),
    ])
    func readsAndWrites(text: String, canonical: String, isGroup: Bool) throws {
        let address = try #require(MACAddress(text))
        #expect(address.description == canonical)
        #expect(address.isGroup == isGroup)
    }

    @Test(arguments: [
        "", "02:00:5e:10:00", "02:00:5e:10:00:01:02", "02:00:5e:10:00:100", "02:00:5e:10::01", "+2:0:0:0:0:1",
    ])
    func refuses(text: String) {
        #expect(MACAddress(text) == nil)
    }
}
