#if os(Linux)
    import Glibc
    import Testing

    @testable import PacketForwarding

    @Suite struct RingMemoryTests {
        /// None of these is asked of the kernel.
        @Test(arguments: [
            (1 << 16, 1 << 26, ENOMEM), (1 << 40, 1 << 40, ENOMEM), (0, 4_096, EINVAL), (4, -1, EINVAL),
        ])
        func whatTheHostHasNoRoomForIsRefused(count: Int, byteCount: Int, code: CInt) {
            #expect(throws: PacketSocketError(.mapRing, on: "eth0", code: code)) {
                try RingMemory.check(count, of: byteCount, on: "eth0")
            }
        }

        @Test func anOrdinaryRingHasRoom() throws {
            try RingMemory.check(64, of: 1 << 18, on: "eth0")
        }
    }
#endif
