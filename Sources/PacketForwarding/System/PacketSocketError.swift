#if os(Linux)
    import Glibc

    /// A call of the kernel that failed: which, on what, and what to do about it.
    public struct PacketSocketError: Error, Hashable, Sendable {
        /// What was tried.
        public enum Operation: String, Sendable {
            /// Opening a packet socket.
            case open = "open a packet socket"
            /// Binding a packet socket to its interface.
            case bind = "bind a packet socket"
            /// Setting an option of a socket.
            case configure = "configure a packet socket"
            /// Sharing memory with the kernel.
            case mapRing = "map a receive ring"
            /// Joining the sockets of other workers.
            case join = "join a group of packet sockets"
            /// Asking the kernel for interfaces, addresses, routes and neighbours.
            case ask = "ask the kernel"
            /// Making a device that takes packets from a program.
            case openTunnel = "open a tunnel device"
            /// Reading from or writing to a device that takes packets from a program.
            case useTunnel = "use a tunnel device"
            /// Waiting for packets.
            case wait = "wait for packets"
            /// Starting a thread.
            case startThread = "start a thread"
        }

        /// What was tried.
        public let operation: Operation
        /// The interface or file it was tried on.
        public let subject: String
        /// The kernel's number of the error.
        public let code: CInt

        init(_ operation: Operation, on subject: String, code: CInt = errno) {
            self.operation = operation
            self.subject = subject
            self.code = code
        }
    }

    extension PacketSocketError: CustomStringConvertible {
        /// What failed, on what, why, and what to do.
        public var description: String {
            let reason = unsafe String(cString: strerror(code))
            let remedy = remedy.map { "; \($0)" } ?? ""
            return "cannot \(operation.rawValue) on \(subject): \(reason)\(remedy)"
        }

        private var remedy: String? {
            switch (operation, code) {
            case (.openTunnel, EPERM), (.openTunnel, EACCES): "grant CAP_NET_ADMIN, or run as root"
            case (.openTunnel, ENOENT): "load the module tun"
            case (.openTunnel, EBUSY): "another program has the device"
            case (_, EPERM), (_, EACCES): "grant CAP_NET_RAW, or run as root"
            case (_, ENODEV), (_, ENXIO): "there is no such interface; `ip link` lists them"
            case (_, ENETDOWN): "bring the interface up: ip link set \(subject) up"
            case (.mapRing, ENOMEM), (.mapRing, EINVAL), (.mapRing, ENOBUFS): "ask for a smaller ring"
            case (.configure, ENOPROTOOPT): "the kernel is older than this option"
            case (.join, EINVAL): "the group exists with other settings; leave it with all workers first"
            default: nil
            }
        }
    }
#endif
