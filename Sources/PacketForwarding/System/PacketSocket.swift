#if os(Linux)
    import CPacketSocket
    import Glibc

    /// A socket that sees and sends whole frames of one interface (packet(7)).
    ///
    /// It receives nothing until ``bind()``: what is set before holds from the first frame on.
    struct PacketSocket: ~Copyable {
        let descriptor: Descriptor
        /// The interface's name and number.
        let name: String
        let index: UInt32

        /// Opens a socket for the interface `name`.
        init(on name: String) throws(PacketSocketError) {
            self.name = name
            index = unsafe if_nametoindex(name)
            guard index != 0 else { throw PacketSocketError(.open, on: name) }
            // Protocol 0: bound to nothing, so that no frame of another interface comes in first.
            guard
                let descriptor = Descriptor(socket(AF_PACKET, CInt(SOCK_RAW.rawValue) | CInt(SOCK_CLOEXEC.rawValue), 0))
            else { throw PacketSocketError(.open, on: name) }
            self.descriptor = descriptor
        }

        /// Sets an option of packet sockets.
        func set<Value: BitwiseCopyable>(
            _ option: CInt, to value: Value, as operation: PacketSocketError.Operation = .configure
        ) throws(PacketSocketError) {
            guard descriptor.set(option, of: SOL_PACKET, to: value) else {
                throw PacketSocketError(operation, on: name)
            }
        }

        /// Begins to receive what comes in on the interface; `receives` is false for a socket that only sends.
        func bind(receives: Bool) throws(PacketSocketError) {
            var address = sockaddr_ll()
            address.sll_family = UInt16(AF_PACKET)
            address.sll_protocol = receives ? UInt16(ETH_P_ALL).bigEndian : 0
            address.sll_ifindex = CInt(bitPattern: index)
            let result = unsafe withUnsafePointer(to: &address) { pointer in
                unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { general in
                    unsafe Glibc.bind(descriptor.number, general, socklen_t(MemoryLayout<sockaddr_ll>.size))
                }
            }
            guard result == 0 else { throw PacketSocketError(.bind, on: name) }
        }

        /// Takes the error that the socket has, such as that the interface went down, so that waiting makes sense again.
        ///
        /// - Throws: ``PacketSocketError`` if the interface is gone for good.
        func takeError() throws(PacketSocketError) {
            var code: CInt = 0
            var length = socklen_t(MemoryLayout<CInt>.size)
            _ = unsafe getsockopt(descriptor.number, SOL_SOCKET, SO_ERROR, &code, &length)
            guard isBound else { throw PacketSocketError(.wait, on: name, code: ENODEV) }
        }

        /// Whether there still is the interface that the socket was bound to.
        private var isBound: Bool {
            var address = sockaddr_ll()
            var length = socklen_t(MemoryLayout<sockaddr_ll>.size)
            let result = unsafe withUnsafeMutablePointer(to: &address) { pointer in
                unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { general in
                    unsafe getsockname(descriptor.number, general, &length)
                }
            }
            return result == 0 && address.sll_ifindex == CInt(bitPattern: index)
        }

        /// Frames that the kernel dropped since this was last asked, for want of room in the ring.
        func takeDropCount() -> UInt64 {
            var statistics = tpacket_stats_v3()
            var length = socklen_t(MemoryLayout<tpacket_stats_v3>.size)
            let result = unsafe getsockopt(descriptor.number, SOL_PACKET, PACKET_STATISTICS, &statistics, &length)
            return result == 0 ? UInt64(statistics.tp_drops) : 0
        }
    }
#endif
