import Glibc
import LoadBalancing
import PacketForwarding

/// A socket that gives up when a probe's time is over.
final class ProbeSocket {
    private let descriptor: CInt

    /// Opens a socket; raw ones need CAP_NET_RAW.
    init(_ version: IPVersion, _ type: __socket_type, _ transport: CInt = 0) throws(ProbeError) {
        let flags = CInt(SOCK_CLOEXEC.rawValue) | CInt(SOCK_NONBLOCK.rawValue)
        descriptor = socket(version == .v4 ? AF_INET : AF_INET6, CInt(type.rawValue) | flags, transport)
        guard descriptor >= 0 else {
            let remedy = errno == EPERM ? "; grant CAP_NET_RAW" : ""
            throw ProbeError("no socket for a probe: \(Self.reason(errno))\(remedy)")
        }
    }

    /// A TCP connection.
    convenience init(connectedTo endpoint: Endpoint, until deadline: Timestamp) throws(ProbeError) {
        try self.init(endpoint.address.version, SOCK_STREAM)
        // No TIME-WAIT for every probe: the connection is reset when it is closed.
        var now = linger(l_onoff: 1, l_linger: 0)
        _ = unsafe setsockopt(descriptor, SOL_SOCKET, SO_LINGER, &now, socklen_t(MemoryLayout<linger>.size))
        do throws(ProbeError) {
            try connect(to: endpoint)
        } catch {
            guard errno == EINPROGRESS else { throw error }
        }
        try wait(POLLOUT, until: deadline)
        var code: CInt = 0
        var size = socklen_t(MemoryLayout<CInt>.size)
        _ = unsafe getsockopt(descriptor, SOL_SOCKET, SO_ERROR, &code, &size)
        guard code == 0 else { throw ProbeError(Self.reason(code)) }
    }

    deinit {
        close(descriptor)
    }

    /// Says where to send to, and that nothing else is to be received.
    func connect(to endpoint: Endpoint) throws(ProbeError) {
        let result = unsafe endpoint.withSocketAddress { unsafe Glibc.connect(descriptor, $0, $1) }
        guard result == 0 else { throw ProbeError(Self.reason(errno)) }
    }

    /// Says where to send from; an address that the host does not have is allowed.
    func bind(to address: IPAddress) throws(ProbeError) {
        var yes: CInt = 1
        let level = address.version == .v4 ? CInt(IPPROTO_IP) : CInt(IPPROTO_IPV6)
        let option = address.version == .v4 ? IP_FREEBIND : Self.freeBindV6
        _ = unsafe setsockopt(descriptor, level, option, &yes, socklen_t(MemoryLayout<CInt>.size))
        let result = unsafe Endpoint(address, 0).withSocketAddress { unsafe Glibc.bind(descriptor, $0, $1) }
        guard result == 0 else { throw ProbeError("cannot send from \(address): \(Self.reason(errno))") }
    }

    /// `IPV6_FREEBIND` of linux/in6.h.
    private static let freeBindV6: CInt = 78

    func send(_ bytes: [UInt8]) throws(ProbeError) {
        let count = unsafe Glibc.send(descriptor, bytes, bytes.count, CInt(MSG_NOSIGNAL))
        guard count == bytes.count else { throw ProbeError(Self.reason(errno)) }
    }

    /// What comes next; nothing at the end of a stream.
    func receive(until deadline: Timestamp) throws(ProbeError) -> [UInt8] {
        try wait(POLLIN, until: deadline)
        var bytes = [UInt8](repeating: 0, count: 2_048)
        let count = unsafe recv(descriptor, &bytes, bytes.count, 0)
        guard count >= 0 else { throw ProbeError(Self.reason(errno)) }
        return Array(bytes.prefix(count))
    }

    /// What one sender sends next; others are not listened to.
    func receive(from sender: Endpoint, until deadline: Timestamp) throws(ProbeError) -> [UInt8] {
        while true {
            try wait(POLLIN, until: deadline)
            var bytes = [UInt8](repeating: 0, count: 2_048)
            var address = sockaddr_storage()
            var length = socklen_t(MemoryLayout<sockaddr_storage>.size)
            let count = unsafe withUnsafeMutablePointer(to: &address) { storage in
                unsafe storage.withMemoryRebound(to: sockaddr.self, capacity: 1) { pointer in
                    unsafe recvfrom(descriptor, &bytes, bytes.count, 0, pointer, &length)
                }
            }
            guard count >= 0 else { throw ProbeError(Self.reason(errno)) }
            let isSenders = unsafe sender.withSocketAddress { expected, _ in
                // Family, port and address, before what is padding or of the link.
                unsafe memcmp(&address, expected, sender.address.version == .v4 ? 8 : 24) == 0
            }
            if isSenders { return Array(bytes.prefix(count)) }
        }
    }

    /// The port that the kernel gave it.
    var port: UInt16 {
        var address = sockaddr_in6()
        var length = socklen_t(MemoryLayout<sockaddr_in6>.size)
        let result = unsafe withUnsafeMutablePointer(to: &address) { storage in
            unsafe storage.withMemoryRebound(to: sockaddr.self, capacity: 1) { pointer in
                unsafe getsockname(descriptor, pointer, &length)
            }
        }
        // It stands where IPv4 has it.
        return result == 0 ? UInt16(bigEndian: address.sin6_port) : 0
    }

    private func wait(_ events: CInt, until deadline: Timestamp) throws(ProbeError) {
        var waiting = pollfd(fd: descriptor, events: Int16(events), revents: 0)
        while true {
            let left = deadline.duration(since: BootTime.now) / .milliseconds(1)
            guard left > 0 else { throw ProbeError("no answer in time") }
            let result = unsafe poll(&waiting, 1, CInt(left.rounded(.up)))
            if result > 0 { return }
            guard result == 0 || errno == EINTR else { throw ProbeError(Self.reason(errno)) }
        }
    }

    static func reason(_ code: CInt) -> String { unsafe String(cString: strerror(code)) }
}

extension Endpoint {
    /// Calls `body` with the endpoint as the kernel wants it.
    func withSocketAddress<Result>(_ body: (UnsafePointer<sockaddr>, socklen_t) -> Result) -> Result {
        switch address.version {
        case .v4:
            var socket = sockaddr_in()
            socket.sin_family = sa_family_t(AF_INET)
            socket.sin_port = port.bigEndian
            socket.sin_addr.s_addr = address.v4Bits.bigEndian
            return unsafe withUnsafePointer(to: &socket) { pointer in
                unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                    unsafe body($0, socklen_t(MemoryLayout<sockaddr_in>.size))
                }
            }
        case .v6:
            var socket = sockaddr_in6()
            socket.sin6_family = sa_family_t(AF_INET6)
            socket.sin6_port = port.bigEndian
            unsafe withUnsafeMutableBytes(of: &socket.sin6_addr) { bytes in
                unsafe bytes.storeBytes(of: address.high.bigEndian, as: UInt64.self)
                unsafe bytes.storeBytes(of: address.low.bigEndian, toByteOffset: 8, as: UInt64.self)
            }
            return unsafe withUnsafePointer(to: &socket) { pointer in
                unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                    unsafe body($0, socklen_t(MemoryLayout<sockaddr_in6>.size))
                }
            }
        }
    }
}
