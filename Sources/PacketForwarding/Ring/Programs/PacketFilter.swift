#if os(Linux)
    import CPacketSocket
    import Glibc

    /// A program that the kernel runs over each frame: classic BPF, as in bpf(4).
    struct PacketFilter {
        var instructions: [sock_filter]

        /// A program that answers `number`, whatever the frame: 0 lets a filter drop it.
        static func always(_ number: UInt32) -> PacketFilter {
            PacketFilter(instructions: [sock_filter(code: UInt16(BPF_RET | BPF_K), jt: 0, jf: 0, k: number)])
        }

        /// Calls `body` with the program as the kernel wants it.
        func withProgram<Result>(_ body: (sock_fprog) -> Result) -> Result {
            var instructions = instructions
            return unsafe instructions.withUnsafeMutableBufferPointer { buffer in
                unsafe body(sock_fprog(len: UInt16(buffer.count), filter: buffer.baseAddress))
            }
        }
    }

    extension PacketSocket {
        /// Lets through only what `filter` says; replaces the one before at once.
        func setFilter(_ filter: PacketFilter) throws(PacketSocketError) {
            let isTaken = unsafe filter.withProgram { unsafe setProgram(SO_ATTACH_FILTER, of: SOL_SOCKET, $0) }
            guard isTaken else { throw PacketSocketError(.configure, on: name) }
        }

        /// Lets all through again.
        func removeFilter() {
            _ = descriptor.set(SO_DETACH_FILTER, of: SOL_SOCKET, to: CInt(0))
        }

        /// Has `program` choose the member of the group that gets a frame.
        func setGroupProgram(_ program: PacketFilter) throws(PacketSocketError) {
            let isTaken = unsafe program.withProgram { unsafe setProgram(PACKET_FANOUT_DATA, of: SOL_PACKET, $0) }
            guard isTaken else { throw PacketSocketError(.join, on: name) }
        }

        private func setProgram(_ option: CInt, of level: CInt, _ program: sock_fprog) -> Bool {
            var program = unsafe program
            return unsafe setsockopt(
                descriptor.number, level, option, &program, socklen_t(MemoryLayout<sock_fprog>.size)) == 0
        }

        /// Makes a group of this socket alone and gives its number.
        func makeGroup() throws(PacketSocketError) -> UInt16 {
            let flags = UInt32(PACKET_FANOUT_FLAG_UNIQUEID) | UInt32(PACKET_FANOUT_FLAG_IGNORE_OUTGOING)
            try set(PACKET_FANOUT, to: (flags | UInt32(PACKET_FANOUT_CBPF)) << 16, as: .join)
            var group: UInt32 = 0
            var length = socklen_t(MemoryLayout<UInt32>.size)
            guard unsafe getsockopt(descriptor.number, SOL_PACKET, PACKET_FANOUT, &group, &length) == 0 else {
                throw PacketSocketError(.join, on: name)
            }
            return UInt16(truncatingIfNeeded: group)
        }

        /// Becomes the last member of a group.
        func join(_ group: UInt16) throws(PacketSocketError) {
            let type = (UInt32(PACKET_FANOUT_FLAG_IGNORE_OUTGOING) | UInt32(PACKET_FANOUT_CBPF)) << 16
            try set(PACKET_FANOUT, to: type | UInt32(group), as: .join)
        }
    }
#endif
