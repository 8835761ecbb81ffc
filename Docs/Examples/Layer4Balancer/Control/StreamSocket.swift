import Glibc
import PacketForwarding

/// A connection within this host, which gives up on an end that does nothing.
final class StreamSocket: Sendable {
    private let descriptor: CInt

    /// Takes a descriptor over.
    init(_ descriptor: CInt, patience: Int) {
        self.descriptor = descriptor
        var limit = timeval(tv_sec: patience, tv_usec: 0)
        let size = socklen_t(MemoryLayout<timeval>.size)
        _ = unsafe setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &limit, size)
        _ = unsafe setsockopt(descriptor, SOL_SOCKET, SO_SNDTIMEO, &limit, size)
    }

    deinit {
        close(descriptor)
    }

    /// A connection to whoever listens at a path; `nil` if nobody does, with the reason in `errno`.
    static func connect(to path: String, patience: Int) -> StreamSocket? {
        let descriptor = socket(AF_UNIX, CInt(SOCK_STREAM.rawValue) | CInt(SOCK_CLOEXEC.rawValue), 0)
        guard descriptor >= 0 else { return nil }
        let stream = StreamSocket(descriptor, patience: patience)
        let result = unsafe UnixAddress.with(path) { unsafe Glibc.connect(descriptor, $0, $1) }
        return result == 0 ? stream : nil
    }

    /// Sends all of the bytes; whether the other end took them.
    func send(_ bytes: [UInt8]) -> Bool {
        var rest = bytes[...]
        while !rest.isEmpty {
            let count = unsafe rest.withUnsafeBytes { buffer in
                unsafe Glibc.send(descriptor, buffer.baseAddress, buffer.count, CInt(MSG_NOSIGNAL))
            }
            guard count > 0 else { return false }
            rest = rest.dropFirst(count)
        }
        return true
    }

    /// Whether the other end is gone: not only that it has no more to say, but that nobody hears what is sent.
    var isAbandoned: Bool {
        var waiting = pollfd(fd: descriptor, events: 0, revents: 0)
        return unsafe poll(&waiting, 1, 0) > 0 && waiting.revents & Int16(POLLHUP) != 0
    }

    /// Some bytes; none at the end, or when the other end does nothing for too long.
    func receive() -> [UInt8] {
        var bytes = [UInt8](repeating: 0, count: 65_536)
        let count = unsafe recv(descriptor, &bytes, bytes.count, 0)
        return Array(bytes.prefix(max(count, 0)))
    }

    /// All bytes up to the end of a line, or of a blank one; `nil` if it does not come within `limit` bytes.
    func receive(through end: String, limit: Int) -> String? {
        var bytes: [UInt8] = []
        while !bytes.ends(with: end.utf8) {
            let more = receive()
            guard !more.isEmpty, bytes.count + more.count <= limit else { return nil }
            bytes += more
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    /// All bytes until the other end has no more.
    func receiveAll() -> [UInt8] {
        var bytes: [UInt8] = []
        while case let more = receive(), !more.isEmpty { bytes += more }
        return bytes
    }
}

extension [UInt8] {
    fileprivate func ends(with end: String.UTF8View) -> Bool {
        count >= end.count && suffix(end.count).elementsEqual(end)
    }
}

/// Paths as addresses of sockets (unix(7)).
enum UnixAddress {
    /// Calls `body` with the address; a path that is too long is cut and leads nowhere.
    static func with<Result>(_ path: String, _ body: (UnsafePointer<sockaddr>, socklen_t) -> Result) -> Result {
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        unsafe withUnsafeMutableBytes(of: &address.sun_path) { bytes in
            for (index, byte) in path.utf8.prefix(bytes.count - 1).enumerated() { unsafe bytes[index] = byte }
            // A name that is no file begins with 0, and systemd writes it with @.
            if path.hasPrefix("@") { unsafe bytes[0] = 0 }
        }
        let isAbstract = path.hasPrefix("@")
        let length =
            isAbstract ? MemoryLayout<sa_family_t>.size + path.utf8.count : MemoryLayout<sockaddr_un>.size
        return unsafe withUnsafePointer(to: &address) { pointer in
            unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { unsafe body($0, socklen_t(length)) }
        }
    }
}
