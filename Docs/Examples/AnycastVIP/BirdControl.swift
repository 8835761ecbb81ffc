#if canImport(Glibc)
    import Glibc
#elseif canImport(Darwin)
    import Darwin
#endif

/// Tells BIRD what to announce, over its control socket.
struct BirdControl: Sendable {
    let path: String
    /// The protocol that announces the route as well as others do.
    let best: String
    /// The protocol that announces it with a worse metric.
    let lastResort: String

    /// What brings BIRD there, whatever it did before, without a moment in which it announces less than before and after.
    ///
    /// The best announcement hides the other, which stands by.
    func commands(for announcement: Announcement) -> [String] {
        switch announcement {
        case .best: ["enable \(best)", "enable \(lastResort)"]
        case .lastResort: ["enable \(lastResort)", "disable \(best)"]
        case .withdrawn: ["disable \(best)", "disable \(lastResort)"]
        }
    }

    /// Has BIRD announce it so.
    ///
    /// - Throws: ``BirdError``, if BIRD is not there or refuses.
    func tell(_ announcement: Announcement) throws(BirdError) {
        let connection = try ControlSocket(path)
        _ = try connection.readReply()
        for command in commands(for: announcement) {
            try connection.write("\(command)\n")
            let reply = try connection.readReply()
            if reply.isError { throw BirdError("refuses \"\(command)\": \(reply.lines.joined(separator: " "))") }
        }
    }
}

/// A connection to a Unix socket that waits no longer than two seconds.
///
/// All memory that the system sees is passed here, always as an array's or a local's own storage for the duration of one call.
final class ControlSocket {
    private let descriptor: CInt
    private var received: [UInt8] = []

    init(_ path: String) throws(BirdError) {
        #if canImport(Darwin)
            descriptor = socket(AF_UNIX, SOCK_STREAM, 0)
        #else
            descriptor = socket(AF_UNIX, CInt(SOCK_STREAM.rawValue), 0)
        #endif
        guard descriptor >= 0 else { throw Self.error("has no socket") }
        var address = sockaddr_un()
        address.sun_family = sa_family_t(AF_UNIX)
        let isFit = unsafe withUnsafeMutableBytes(of: &address.sun_path) { room in
            // The byte behind the path stays 0.
            guard path.utf8.count < room.count else { return false }
            unsafe room.copyBytes(from: path.utf8)
            return true
        }
        guard isFit else { throw BirdError("has too long a path: \(path)") }
        let limit = timeval(tv_sec: 2, tv_usec: 0)
        for option in [SO_RCVTIMEO, SO_SNDTIMEO] {
            _ = unsafe withUnsafeBytes(of: limit) {
                unsafe setsockopt(descriptor, SOL_SOCKET, option, $0.baseAddress, socklen_t($0.count))
            }
        }
        let code = unsafe withUnsafePointer(to: &address) { pointer in
            // The generic address is a prefix of every address type, and the length says which this is.
            unsafe pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                unsafe connect(descriptor, $0, socklen_t(MemoryLayout<sockaddr_un>.size))
            }
        }
        guard code == 0 else { throw Self.error("cannot be reached at \(path)") }
    }

    deinit {
        if descriptor >= 0 { close(descriptor) }
    }

    func write(_ text: String) throws(BirdError) {
        #if canImport(Darwin)
            let flags: CInt = 0
        #else
            let flags = CInt(MSG_NOSIGNAL)
        #endif
        let bytes = Array(text.utf8)
        // A command is far shorter than what a socket takes at once.
        let count = unsafe bytes.withUnsafeBytes { unsafe send(descriptor, $0.baseAddress, $0.count, flags) }
        guard count == bytes.count else { throw Self.error("does not listen") }
    }

    func readReply() throws(BirdError) -> BirdReply {
        while true {
            if let (reply, byteCount) = try BirdReply.parse(received) {
                received.removeFirst(byteCount)
                return reply
            }
            var buffer = [UInt8](repeating: 0, count: 4_096)
            let count = unsafe recv(descriptor, &buffer, buffer.count, 0)
            guard count != 0 else { throw BirdError("has closed the connection") }
            guard count > 0 else { throw Self.error("does not answer") }
            received += buffer.prefix(count)
        }
    }

    /// Takes the reason from `errno`; `strerror` never returns null, and the text is copied at once.
    private static func error(_ problem: String) -> BirdError {
        BirdError("\(problem): \(unsafe String(cString: strerror(errno)))")
    }
}
