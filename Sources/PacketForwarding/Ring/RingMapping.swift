#if os(Linux)
    import CPacketSocket
    import Glibc

    /// Memory that a packet socket and the kernel share.
    @safe
    struct RingMapping: ~Copyable {
        // Invariant: `base ..< base + byteCount` is mapped, readable and writable, until this value ends. Who may use which
        // part of it when is the ring's to know: the kernel's part is not touched but for its status word.
        private let base: UnsafeMutableRawPointer
        let byteCount: Int

        /// Maps the ring that `socket` was given.
        init(_ socket: borrowing PacketSocket, byteCount: Int) throws(PacketSocketError) {
            let flags = MAP_SHARED | MAP_POPULATE
            let memory = unsafe mmap(nil, byteCount, PROT_READ | PROT_WRITE, flags, socket.descriptor.number, 0)
            guard let memory = unsafe memory, unsafe memory != MAP_FAILED else {
                throw PacketSocketError(.mapRing, on: socket.name)
            }
            unsafe base = memory
            self.byteCount = byteCount
        }

        deinit {
            unsafe munmap(base, byteCount)
        }

        /// The `count` bytes at `offset`.
        @inline(__always)
        func part(at offset: Int, byteCount count: Int) -> UnsafeMutableRawBufferPointer {
            precondition(offset >= 0 && count >= 0 && offset <= byteCount &- count, "a part outside of the ring")
            return unsafe UnsafeMutableRawBufferPointer(start: base + offset, count: count)
        }

        @inline(__always)
        private func address(of count: Int, at offset: Int) -> UnsafeMutableRawPointer {
            precondition(offset >= 0 && offset <= byteCount &- count, "a number outside of the ring")
            return unsafe base + offset
        }

        @inline(__always)
        func word16(at offset: Int) -> UInt16 {
            unsafe address(of: 2, at: offset).load(as: UInt16.self)
        }

        @inline(__always)
        func word32(at offset: Int) -> UInt32 {
            unsafe address(of: 4, at: offset).load(as: UInt32.self)
        }

        /// A status word: what the kernel wrote before it is seen from here on.
        @inline(__always)
        func status(at offset: Int) -> UInt32 {
            unsafe packet_socket_load(address(of: 4, at: offset).assumingMemoryBound(to: UInt32.self))
        }

        /// Writes a status word: what was written before it is seen by the kernel.
        @inline(__always)
        func setStatus(_ status: UInt32, at offset: Int) {
            unsafe packet_socket_store(address(of: 4, at: offset).assumingMemoryBound(to: UInt32.self), status)
        }
    }
#endif
