import LoadBalancing
import Testing

@Suite struct CRC16Tests {
    /// The check value of CRC-16/XMODEM, and slots of the Redis Cluster specification (modulo 16384).
    @Test func matchesPublishedValues() {
        #expect(CRC16.hash("") == 0)
        #expect(CRC16.hash("123456789") == 0x31C3)
        #expect(CRC16.hash("foo") % 16384 == 12182)
    }

    /// twemproxy's own test of its hash functions: src/hashkit, "apple".
    @Test func unmaskedKeepsWhatIsShiftedOut() {
        let apple = withBytes("apple") { CRC16.unmasked($0) }
        #expect(apple == 3_662_830_516)
        #expect(UInt16(truncatingIfNeeded: apple) == CRC16.hash("apple"))
    }
}
