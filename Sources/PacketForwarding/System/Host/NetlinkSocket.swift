#if os(Linux)
    import CPacketSocket
    import Glibc

    /// A socket that asks the kernel about its network (rtnetlink(7)).
    struct NetlinkSocket: ~Copyable {
        private let descriptor: Descriptor

        /// Opens a socket; `groups` says of which changes the kernel is to tell unasked.
        init(groups: UInt32 = 0) throws(PacketSocketError) {
            let type = CInt(SOCK_RAW.rawValue) | CInt(SOCK_CLOEXEC.rawValue)
            guard let descriptor = Descriptor(socket(AF_NETLINK, type, CInt(NETLINK_ROUTE))) else {
                throw PacketSocketError(.ask, on: "rtnetlink")
            }
            var address = sockaddr_nl()
            address.nl_family = UInt16(AF_NETLINK)
            address.nl_groups = groups
            let result = unsafe withUnsafePointer(to: &address) { pointer in
                unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { general in
                    unsafe bind(descriptor.number, general, socklen_t(MemoryLayout<sockaddr_nl>.size))
                }
            }
            guard result == 0 else { throw PacketSocketError(.ask, on: "rtnetlink") }
            self.descriptor = descriptor
        }

        /// The descriptor to wait on.
        var number: CInt { descriptor.number }

        /// Asks for all that there is of one kind, and hands what comes to `body` until that says it was the last.
        func dump(_ type: Int, _ body: (RawSpan) -> HostNetwork.Answer) throws(PacketSocketError) {
            // A header and a body that names no family; the longest of the bodies is 16 bytes.
            var request = [UInt32](repeating: 0, count: 8)
            request[0] = UInt32(request.count * 4)
            request[1] = UInt32(type) | UInt32(NLM_F_REQUEST | NLM_F_DUMP) << 16
            let sent = unsafe request.withUnsafeBytes { buffer in
                unsafe Glibc.send(descriptor.number, buffer.baseAddress, buffer.count, 0)
            }
            guard sent == request.count * 4 else { throw PacketSocketError(.ask, on: "rtnetlink") }
            while true {
                switch try receive(body) {
                case .goesOn: continue
                case .ended: return
                case .failed(let code): throw PacketSocketError(.ask, on: "rtnetlink", code: code)
                }
            }
        }

        /// Hands the messages that wait to `body`, and gives its answer.
        private func receive(
            _ body: (RawSpan) -> HostNetwork.Answer
        ) throws(PacketSocketError) -> HostNetwork.Answer {
            // As netlink(7) advises; the kernel puts no more into one answer.
            var buffer = [UInt8](repeating: 0, count: 1 << 15)
            let count = unsafe buffer.withUnsafeMutableBytes { memory in
                unsafe recv(descriptor.number, memory.baseAddress, memory.count, 0)
            }
            guard count >= 0 else {
                if errno == EINTR { return .goesOn }
                throw PacketSocketError(.ask, on: "rtnetlink")
            }
            return unsafe body(buffer.span.bytes.extracting(0..<count))
        }

        /// Throws away what the kernel has told unasked; whether there was anything.
        func drain() -> Bool {
            var hasAny = false
            var byte: UInt8 = 0
            while true {
                let count = unsafe recv(descriptor.number, &byte, 1, CInt(MSG_DONTWAIT) | CInt(MSG_TRUNC))
                // Told more than the socket could hold: there was something, and all of it is asked for anew anyway.
                guard count >= 0 || errno == ENOBUFS else { return hasAny }
                hasAny = true
            }
        }
    }

    extension HostNetwork {
        /// How often it is asked for anew because it changed meanwhile; a host whose neighbours come and go all the
        /// time is told of them as well as can be.
        private static let attempts = 4

        /// Asks the kernel for all of it; needs no rights.
        ///
        /// - Throws: ``PacketSocketError`` if the kernel does not answer.
        public static func read() throws(PacketSocketError) -> HostNetwork {
            let socket = try NetlinkSocket()
            var network = HostNetwork()
            for _ in 0..<attempts {
                network = HostNetwork()
                for type in [RTM_GETLINK, RTM_GETADDR, RTM_GETNEIGH, RTM_GETROUTE] {
                    try socket.dump(Int(type)) { network.note($0) }
                }
                guard network.isTorn else { break }
            }
            network.isTorn = false
            return network
        }
    }

    /// Tells when the host's network changes.
    public struct HostNetworkChanges: ~Copyable {
        private let socket: NetlinkSocket

        /// Begins to listen.
        ///
        /// - Throws: ``PacketSocketError`` if the kernel does not answer.
        public init() throws(PacketSocketError) {
            let groups =
                RTMGRP_LINK | RTMGRP_NEIGH | RTMGRP_IPV4_IFADDR | RTMGRP_IPV6_IFADDR | RTMGRP_IPV4_ROUTE
                | RTMGRP_IPV6_ROUTE
            socket = try NetlinkSocket(groups: UInt32(groups))
        }

        /// Whether anything has changed since this was last asked; what it was, ``HostNetwork/read()`` says.
        public func take() -> Bool {
            socket.drain()
        }

        /// The descriptor to wait on: it can be read as soon as anything has changed.
        public var descriptor: CInt { socket.number }
    }
#endif
