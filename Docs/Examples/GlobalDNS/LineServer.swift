import Foundation

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

/// Answers lines with lines on a Unix socket, with a thread for each connection: PowerDNS keeps a few.
///
/// All memory that the system sees is passed here, always as an array's or a local's own storage for the duration of one call.
struct LineServer: Sendable {
    /// A connection with a longer line is closed.
    static let longestLine = 65_536

    private let listener: CInt
    private let answer: @Sendable (Data) -> Data

    /// Listens; a socket that was left there is replaced.
    init(at path: String, answer: @escaping @Sendable (Data) -> Data) throws(SystemError) {
        self.answer = answer
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        let bytes = Array(path.utf8)
        let isFit = unsafe withUnsafeMutableBytes(of: &address.sun_path) { room in
            // The byte behind the path stays 0.
            guard bytes.count < room.count else { return false }
            unsafe room.copyBytes(from: bytes)
            return true
        }
        guard isFit else {
            errno = ENAMETOOLONG
            throw SystemError("listen at \(path)")
        }
        #if canImport(Darwin)
            listener = socket(AF_UNIX, SOCK_STREAM, 0)
        #else
            listener = socket(AF_UNIX, CInt(SOCK_STREAM.rawValue), 0)
        #endif
        guard listener >= 0 else { throw SystemError("open a socket") }
        _ = unsafe unlink(path)
        let code = unsafe withUnsafePointer(to: &address) { pointer in
            // The generic address is a prefix of every address type, and the length says which this is.
            unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                unsafe bind(listener, $0, socklen_t(MemoryLayout<sockaddr_un>.size))
            }
        }
        guard code == 0, listen(listener, 64) == 0 else { throw SystemError("listen at \(path)") }
    }

    /// Serves for as long as the program runs, on threads of its own.
    func start() {
        Thread.detachNewThread { [self] in
            while true {
                let connection = accept(listener, nil, nil)
                guard connection >= 0 else {
                    // Too many open files, mostly: those who are served go on.
                    Thread.sleep(forTimeInterval: 0.1)
                    continue
                }
                Thread.detachNewThread { serve(connection) }
            }
        }
    }

    private func serve(_ connection: CInt) {
        defer { close(connection) }
        var received = Data()
        while received.count <= Self.longestLine {
            while let end = received.firstIndex(of: 0x0A) {
                guard write(answer(received[..<end]) + [0x0A], to: connection) else { return }
                received = Data(received[(end + 1)...])
            }
            var buffer = [UInt8](repeating: 0, count: 4_096)
            let count = unsafe recv(connection, &buffer, buffer.count, 0)
            guard count > 0 else { return }
            received += buffer.prefix(count)
        }
    }

    private func write(_ bytes: Data, to connection: CInt) -> Bool {
        #if canImport(Darwin)
            let flags: CInt = 0
        #else
            let flags = CInt(MSG_NOSIGNAL)
        #endif
        var rest = [UInt8](bytes)[...]
        while !rest.isEmpty {
            let count = unsafe rest.withUnsafeBytes { unsafe send(connection, $0.baseAddress, $0.count, flags) }
            guard count > 0 else { return false }
            rest = rest.dropFirst(count)
        }
        return true
    }
}
