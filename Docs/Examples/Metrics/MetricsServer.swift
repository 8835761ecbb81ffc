#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// A system call that failed.
struct SystemError: Error, CustomStringConvertible {
    let operation: String
    let code: CInt

    /// Takes the reason from `errno`.
    init(_ operation: String) {
        self.operation = operation
        code = errno
    }

    // `strerror` never returns null; the text is copied at once.
    var description: String { "cannot \(operation): \(unsafe String(cString: strerror(code)))" }
}

/// A web server for one client at a time, which is enough for Prometheus; a service that has a web server uses that.
///
/// All memory that the system sees is passed here, always as an array's or a local's own storage for the duration of one call.
struct MetricsServer: Sendable {
    /// Where it listens on 127.0.0.1.
    let port: UInt16
    private let listener: CInt
    private let page: MetricsPage

    /// Listens on a free port.
    init(_ page: MetricsPage) throws(SystemError) {
        self.page = page
        #if canImport(Darwin)
            listener = socket(AF_INET, SOCK_STREAM, 0)
        #else
            listener = socket(AF_INET, CInt(SOCK_STREAM.rawValue), 0)
        #endif
        guard listener >= 0 else { throw SystemError("open a socket") }
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        var byteCount = socklen_t(MemoryLayout<sockaddr_in>.size)
        let code = unsafe withUnsafeMutablePointer(to: &address) { [listener] pointer in
            // The generic address is a prefix of every address type, and the length says which this is.
            unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { address in
                guard unsafe bind(listener, address, byteCount) == 0 else { return CInt(-1) }
                return unsafe getsockname(listener, address, &byteCount)
            }
        }
        guard code == 0, listen(listener, 16) == 0 else { throw SystemError("listen") }
        port = UInt16(bigEndian: address.sin_port)
    }

    /// Answers for as long as the program runs.
    func run() {
        while true {
            let connection = accept(listener, nil, nil)
            guard connection >= 0 else {
                // Too many open files, mostly: not to be asked again at once.
                usleep(100_000)
                continue
            }
            serve(connection)
            close(connection)
        }
    }

    private func serve(_ connection: CInt) {
        // Who is silent for two seconds has to come again.
        let limit = timeval(tv_sec: 2, tv_usec: 0)
        for option in [SO_RCVTIMEO, SO_SNDTIMEO] {
            _ = unsafe withUnsafeBytes(of: limit) {
                unsafe setsockopt(connection, SOL_SOCKET, option, $0.baseAddress, socklen_t($0.count))
            }
        }
        var request: [UInt8] = []
        while true {
            var buffer = [UInt8](repeating: 0, count: 2_048)
            let count = unsafe recv(connection, &buffer, buffer.count, 0)
            guard count > 0 else { return }
            request += buffer.prefix(count)
            if let response = page.response(to: request) { return write(response, to: connection) }
        }
    }

    private func write(_ bytes: [UInt8], to connection: CInt) {
        #if canImport(Darwin)
            let flags: CInt = 0
        #else
            let flags = CInt(MSG_NOSIGNAL)
        #endif
        var rest = bytes[...]
        while !rest.isEmpty {
            let count = unsafe rest.withUnsafeBytes { unsafe send(connection, $0.baseAddress, $0.count, flags) }
            guard count > 0 else { return }
            rest = rest.dropFirst(count)
        }
    }
}
