#if os(Linux)
    import CPacketSocket
    import Glibc

    /// Frames on their way out of one interface, sent by one system call where they lie.
    @safe
    struct SendQueue: ~Copyable {
        // Invariant: `messages` and `parts` have room for `capacity`; message i points to part i for good; those before
        // `count` point to frames that stay where they are until `flush()`, as the caller of `append` promises.
        private let messages: UnsafeMutablePointer<packet_socket_message>
        private let parts: UnsafeMutablePointer<iovec>
        private let capacity: Int
        private var count = 0
        private let socket: PacketSocket

        /// Frames that left.
        private(set) var sent: UInt64 = 0
        /// Frames that the kernel refused, or that had no room for what stands in front.
        private(set) var refused: UInt64 = 0

        /// A queue for a batch of frames, with a socket of its own that receives nothing.
        ///
        /// - Parameters:
        ///   - name: the kernel's name of the interface.
        ///   - options: how large a batch is, and whether frames go past the interface's queueing discipline.
        /// - Throws: ``PacketSocketError`` if the interface is gone, or the kernel too old.
        init(on name: String, options: PacketLinkOptions) throws(PacketSocketError) {
            let socket = try PacketSocket(on: name)
            let capacity = options.batch
            try socket.set(PACKET_VNET_HDR, to: CInt(1))
            if options.bypassesQueue { try socket.set(PACKET_QDISC_BYPASS, to: CInt(1)) }
            // As much as may be on its way; without CAP_NET_ADMIN the kernel's own limit holds.
            let room = CInt(8 << 20)
            if !socket.descriptor.set(SO_SNDBUFFORCE, of: SOL_SOCKET, to: room) {
                _ = socket.descriptor.set(SO_SNDBUF, of: SOL_SOCKET, to: room)
            }
            try socket.bind(receives: false)
            self.socket = socket
            self.capacity = capacity
            unsafe messages = .allocate(capacity: capacity)
            unsafe parts = .allocate(capacity: capacity)
            for index in 0..<capacity {
                unsafe (parts + index).initialize(to: iovec())
                unsafe (messages + index).initialize(to: packet_socket_message())
                unsafe messages[index].header.msg_iov = parts + index
                unsafe messages[index].header.msg_iovlen = 1
            }
        }

        deinit {
            unsafe messages.deallocate()
            unsafe parts.deallocate()
        }

        /// Puts a frame behind the others, and sends all if there is no room for more.
        ///
        /// The frame's memory must stay as it is until ``flush()``.
        @inline(__always)
        mutating func append(_ frame: inout Frame) {
            guard frame.insertTag(), let whole = unsafe frame.memory(withFront: OffloadHeader.byteCount) else {
                refused &+= 1
                return
            }
            unsafe OffloadHeader(frame.metadata, headerByteCount: frame.transportHeaderEnd).write(to: whole)
            unsafe parts[count].iov_base = whole.baseAddress
            unsafe parts[count].iov_len = whole.count
            count &+= 1
            if count == capacity { flush() }
        }

        /// Sends what was put in.
        mutating func flush() {
            var done = 0
            var waits = 0
            while done < count {
                let result = unsafe packet_socket_send(
                    socket.descriptor.number, messages + done, UInt32(count - done), CInt(MSG_DONTWAIT))
                if result > 0 {
                    done += Int(result)
                    sent &+= UInt64(result)
                } else if errno == EAGAIN, waits < 2, awaitRoom() {
                    waits += 1
                } else if errno != EINTR {
                    // Of the first that is left, nobody else: too long for the link, no room, the link is down.
                    refused &+= 1
                    done += 1
                }
            }
            count = 0
        }

        /// Waits a moment for room in the socket.
        private func awaitRoom() -> Bool {
            var waiting = pollfd(fd: socket.descriptor.number, events: Int16(POLLOUT), revents: 0)
            return unsafe poll(&waiting, 1, 1) > 0
        }
    }
#endif
