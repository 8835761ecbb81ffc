#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// A connection that could not be made, or broke.
struct ConnectionError: Error, CustomStringConvertible {
    let server: String
    let problem: String

    init(_ server: String, _ problem: String) {
        self.server = server
        self.problem = problem
    }

    /// Takes the reason from `errno`.
    static func system(_ server: String) -> ConnectionError {
        // `strerror` never returns null; the text is copied at once.
        ConnectionError(server, unsafe String(cString: strerror(errno)))
    }

    var description: String { "\(server): \(problem)" }
}

/// A TCP connection that is read by lines; it blocks its thread for at most five seconds at a time.
///
/// All memory that the system sees is passed here, always as an array's or a local's own storage for the duration of one call.
final class Connection {
    let name: String
    private let descriptor: CInt
    /// What has arrived and was not read yet, from `start` on.
    private var received: [UInt8] = []
    private var start = 0

    /// Connects to a server whose host is an IPv4 address.
    init(to server: Server) throws(ConnectionError) {
        name = server.name
        #if canImport(Darwin)
            descriptor = socket(AF_INET, SOCK_STREAM, 0)
        #else
            descriptor = socket(AF_INET, CInt(SOCK_STREAM.rawValue), 0)
        #endif
        guard descriptor >= 0 else { throw .system(name) }
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = server.port.bigEndian
        guard unsafe inet_pton(AF_INET, server.host, &address.sin_addr) == 1 else {
            throw ConnectionError(name, "is not an IPv4 address")
        }
        set(SOL_SOCKET, SO_RCVTIMEO, to: timeval(tv_sec: 5, tv_usec: 0))
        set(SOL_SOCKET, SO_SNDTIMEO, to: timeval(tv_sec: 5, tv_usec: 0))
        set(CInt(IPPROTO_TCP), TCP_NODELAY, to: CInt(1))
        #if canImport(Darwin)
            set(SOL_SOCKET, SO_NOSIGPIPE, to: CInt(1))
        #endif
        let code = unsafe withUnsafePointer(to: &address) { pointer in
            // The generic address is a prefix of every address type, and the length says which this is.
            unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                unsafe connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
        guard code == 0 else { throw .system(name) }
    }

    deinit {
        close(descriptor)
    }

    /// Writes all of `bytes`.
    func write(_ bytes: [UInt8]) throws(ConnectionError) {
        #if canImport(Darwin)
            let flags: CInt = 0
        #else
            let flags = CInt(MSG_NOSIGNAL)
        #endif
        var sent = 0
        while sent < bytes.count {
            let count = unsafe bytes[sent...].withUnsafeBytes { rest in
                unsafe send(descriptor, rest.baseAddress, rest.count, flags)
            }
            guard count > 0 else { throw .system(name) }
            sent += count
        }
    }

    /// The next line, without its end.
    func readLine() throws(ConnectionError) -> String {
        var end = start
        while true {
            while end + 1 < received.count {
                if received[end] == 0x0D, received[end + 1] == 0x0A {
                    defer { start = end + 2 }
                    return String(decoding: received[start..<end], as: UTF8.self)
                }
                end += 1
            }
            end -= try receive()
        }
    }

    /// The next `count` bytes.
    func read(_ count: Int) throws(ConnectionError) -> [UInt8] {
        while received.count - start < count { _ = try receive() }
        defer { start += count }
        return Array(received[start..<start + count])
    }

    /// Waits for more bytes; gives by how much those at hand have moved to the front.
    private func receive() throws(ConnectionError) -> Int {
        let moved = start
        received.removeFirst(start)
        start = 0
        var count = 0
        received += unsafe [UInt8](unsafeUninitializedCapacity: 4096) { buffer, initialized in
            count = unsafe recv(descriptor, buffer.baseAddress, buffer.count, 0)
            initialized = max(count, 0)
        }
        guard count != 0 else { throw ConnectionError(name, "the server closed the connection") }
        guard count > 0 else { throw .system(name) }
        return moved
    }

    private func set<Value: BitwiseCopyable>(_ level: CInt, _ option: CInt, to value: Value) {
        _ = unsafe withUnsafeBytes(of: value) {
            unsafe setsockopt(descriptor, level, option, $0.baseAddress, socklen_t($0.count))
        }
    }
}
