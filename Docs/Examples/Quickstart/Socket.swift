#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// A system call on a socket that failed.
struct SocketError: Error, CustomStringConvertible {
    let operation: String
    let code: CInt

    /// Takes the reason from `errno`.
    init(_ operation: String) {
        self.operation = operation
        code = errno
    }

    /// Whether the other side did not answer in time.
    var isTimeout: Bool { code == EAGAIN || code == EWOULDBLOCK || code == EINPROGRESS || code == ETIMEDOUT }

    var description: String {
        if code == EMFILE { return "cannot open enough sockets; raise the limit of open files (ulimit -n)" }
        // `strerror` never returns null; the text is copied at once.
        return "cannot \(operation) a socket: \(unsafe String(cString: strerror(code)))"
    }
}

/// A TCP socket on the loopback interface, closed with its last reference.
///
/// All memory that the system sees is passed here, always as an array's or a local's own storage for the duration of one
/// call.
final class Socket: Sendable {
    let descriptor: CInt

    private init(_ descriptor: CInt) {
        self.descriptor = descriptor
        // A write to a closed connection is an error here, not a signal to the process; on Linux `send` says so itself.
        #if canImport(Darwin)
            set(SO_NOSIGPIPE, to: CInt(1))
        #endif
    }

    deinit {
        close(descriptor)
    }

    /// A socket that listens on a free port of 127.0.0.1, and never blocks when asked for a connection.
    static func listening() throws(SocketError) -> Socket {
        let listener = try Socket.open()
        var address = Socket.loopback(port: 0)
        guard unsafe withAddress(of: &address, { unsafe bind(listener.descriptor, $0, $1) }) == 0 else {
            throw SocketError("bind")
        }
        guard listen(listener.descriptor, 256) == 0, fcntl(listener.descriptor, F_SETFL, O_NONBLOCK) == 0 else {
            throw SocketError("listen on")
        }
        return listener
    }

    /// A connection to a port of 127.0.0.1 on which reading and writing wait no longer than `timeout`.
    static func connected(to port: UInt16, timeout: Duration) throws(SocketError) -> Socket {
        let socket = try Socket.open()
        let limit = timeval(
            tv_sec: .init(timeout.components.seconds),
            tv_usec: .init(timeout.components.attoseconds / 1_000_000_000_000))
        socket.set(SO_RCVTIMEO, to: limit)
        socket.set(SO_SNDTIMEO, to: limit)
        var address = loopback(port: port)
        guard unsafe withAddress(of: &address, { unsafe connect(socket.descriptor, $0, $1) }) == 0 else {
            throw SocketError("connect")
        }
        return socket
    }

    /// The next connection of a listening socket; `nil` if nobody waits.
    func nextConnection() -> Socket? {
        let connection = accept(descriptor, nil, nil)
        return connection >= 0 ? Socket(connection) : nil
    }

    /// The port of this end.
    var port: UInt16 {
        var address = Socket.loopback(port: 0)
        var byteCount = socklen_t(MemoryLayout<sockaddr_in>.size)
        _ = unsafe Socket.withAddress(of: &address) { pointer, _ in
            unsafe getsockname(descriptor, pointer, &byteCount)
        }
        return UInt16(bigEndian: address.sin_port)
    }

    /// Writes all of `bytes`.
    func write(_ bytes: [UInt8]) throws(SocketError) {
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
            guard count > 0 else { throw SocketError("write to") }
            sent += count
        }
    }

    /// Appends what has arrived to `bytes`, after waiting for it: nothing when the other side has closed the connection.
    ///
    /// - Returns: how many bytes came.
    /// - Throws: ``SocketError``, also if nothing came in time.
    func read(into bytes: inout [UInt8]) throws(SocketError) -> Int {
        var count = 0
        let arrived = unsafe [UInt8](unsafeUninitializedCapacity: 2048) { buffer, initialized in
            count = unsafe recv(descriptor, buffer.baseAddress, buffer.count, 0)
            initialized = max(count, 0)
        }
        guard count >= 0 else { throw SocketError("read from") }
        bytes += arrived
        return count
    }

    /// Waits until one of `sockets` has something to read, or has been closed, or until `timeout` is over.
    ///
    /// - Returns: the positions in `sockets` of those that have.
    static func waitForInput(on sockets: [Socket], timeout: Duration) -> [Int] {
        var entries = sockets.map { pollfd(fd: $0.descriptor, events: Int16(POLLIN), revents: 0) }
        // `poll` knows whole milliseconds only. Less than one is slept, and then asked without waiting.
        let milliseconds = CInt(max(timeout, .zero) / .milliseconds(1))
        if milliseconds == 0 { JoinableThread.sleep(until: .now + timeout) }
        let count = unsafe poll(&entries, nfds_t(entries.count), milliseconds)
        return count > 0 ? entries.indices.filter { entries[$0].revents != 0 } : []
    }

    /// Finds out whether this process may have `count` more sockets.
    ///
    /// Later, in the middle of the work, a lack of them would look like a server's failure.
    static func require(count: Int) throws(SocketError) {
        var sockets: [Socket] = []
        for _ in 0..<count { sockets.append(try open()) }
    }

    private static func open() throws(SocketError) -> Socket {
        #if canImport(Darwin)
            let descriptor = socket(AF_INET, SOCK_STREAM, 0)
        #else
            let descriptor = socket(AF_INET, CInt(SOCK_STREAM.rawValue), 0)
        #endif
        guard descriptor >= 0 else { throw SocketError("open") }
        return Socket(descriptor)
    }

    private static func loopback(port: UInt16) -> sockaddr_in {
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = port.bigEndian
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        return address
    }

    private static func withAddress(
        of address: inout sockaddr_in, _ body: (UnsafeMutablePointer<sockaddr>, socklen_t) -> CInt
    ) -> CInt {
        unsafe withUnsafeMutablePointer(to: &address) { pointer in
            // The generic address is a prefix of every address type, and the length says which this is.
            unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                unsafe body($0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
    }

    private func set<Value: BitwiseCopyable>(_ option: CInt, to value: Value) {
        _ = unsafe withUnsafeBytes(of: value) {
            unsafe setsockopt(descriptor, SOL_SOCKET, option, $0.baseAddress, socklen_t($0.count))
        }
    }
}
