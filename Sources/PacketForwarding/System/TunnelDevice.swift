#if os(Linux)
    import CPacketSocket
    import Glibc

    /// A device whose packets a program writes: what goes in here, the host receives (TUN).
    ///
    /// Needs CAP_NET_ADMIN to be made, unless an administrator has made it for the user.
    public struct TunnelDevice: ~Copyable {
        /// The kernel's name of the device.
        public let name: String
        private let descriptor: Descriptor

        /// Opens the device `name`, which is made if there is none and then ends with this value.
        ///
        /// - Throws: ``PacketSocketError``, which says what is missing.
        public init(_ name: String) throws(PacketSocketError) {
            guard let descriptor = Descriptor(unsafe open("/dev/net/tun", O_RDWR | O_CLOEXEC | O_NONBLOCK)) else {
                throw PacketSocketError(.openTunnel, on: "/dev/net/tun")
            }
            var buffer = [CChar](repeating: 0, count: Int(IFNAMSIZ))
            guard name.utf8.count < buffer.count else { throw PacketSocketError(.openTunnel, on: name, code: EINVAL) }
            for (index, byte) in name.utf8.enumerated() { buffer[index] = CChar(bitPattern: byte) }
            guard unsafe packet_socket_tunnel(descriptor.number, &buffer) == 0 else {
                throw PacketSocketError(.openTunnel, on: name)
            }
            self.name = String(decoding: buffer.prefix { $0 != 0 }.map(UInt8.init(bitPattern:)), as: UTF8.self)
            self.descriptor = descriptor
        }

        /// Has the host receive the IP packet that a frame holds behind its link header.
        ///
        /// - Returns: whether the host took it; a host that is too busy does not.
        public func write(_ frame: borrowing Frame) -> Bool {
            let linkByteCount = EthernetHeader.Offset.untaggedEnd
            return frame.withBytes { bytes in
                guard bytes.byteCount > linkByteCount else { return false }
                let packet = bytes.extracting(linkByteCount...)
                return unsafe packet.withUnsafeBytes { buffer in
                    unsafe Glibc.write(descriptor.number, buffer.baseAddress, buffer.count) == buffer.count
                }
            }
        }
    }
#endif
