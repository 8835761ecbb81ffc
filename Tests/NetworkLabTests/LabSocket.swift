#if os(Linux)
    import Foundation
    import Glibc

    /// A socket of a host in a lab; gives up on whatever takes longer than five seconds, on a datagram after one.
    final class LabSocket: Sendable {
        private let descriptor: CInt

        private init(_ descriptor: CInt, patience: Int = 5) throws {
            guard descriptor >= 0 else { throw LabError("no socket: \(errno)") }
            self.descriptor = descriptor
            var limit = timeval(tv_sec: patience, tv_usec: 0)
            let size = socklen_t(MemoryLayout<timeval>.size)
            _ = unsafe setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &limit, size)
            _ = unsafe setsockopt(descriptor, SOL_SOCKET, SO_SNDTIMEO, &limit, size)
        }

        deinit {
            close(descriptor)
        }

        /// A socket that listens, or gets datagrams.
        static func serve(_ address: String, _ port: UInt16, isStream: Bool) throws -> LabSocket {
            try unsafe withAddress(address, port) { pointer, length in
                let socket = try unsafe make(family: pointer.pointee.sa_family, isStream: isStream)
                var yes: CInt = 1
                _ = unsafe setsockopt(socket.descriptor, SOL_SOCKET, SO_REUSEADDR, &yes, socklen_t(4))
                guard unsafe bind(socket.descriptor, pointer, length) == 0 else { throw LabError("bind: \(errno)") }
                if isStream, listen(socket.descriptor, 128) != 0 { throw LabError("listen: \(errno)") }
                return socket
            }
        }

        /// A socket connected to a server.
        static func connect(_ address: String, _ port: UInt16, isStream: Bool) throws -> LabSocket {
            try unsafe withAddress(address, port) { pointer, length in
                let socket = try unsafe make(family: pointer.pointee.sa_family, isStream: isStream)
                guard unsafe Glibc.connect(socket.descriptor, pointer, length) == 0 else {
                    throw LabError("connect: \(errno)")
                }
                return socket
            }
        }

        private static func make(family: sa_family_t, isStream: Bool) throws -> LabSocket {
            let type = isStream ? SOCK_STREAM : SOCK_DGRAM
            return try LabSocket(
                socket(CInt(family), CInt(type.rawValue) | CInt(SOCK_CLOEXEC.rawValue), 0), patience: isStream ? 5 : 1)
        }

        private static func withAddress<Result>(
            _ address: String, _ port: UInt16, _ body: (UnsafePointer<sockaddr>, socklen_t) throws -> Result
        ) throws -> Result {
            var hints = unsafe addrinfo()
            unsafe hints.ai_flags = AI_NUMERICHOST
            var list: UnsafeMutablePointer<addrinfo>? = nil
            guard unsafe getaddrinfo(address, "\(port)", &hints, &list) == 0, let first = unsafe list else {
                throw LabError("no address: \(address)")
            }
            defer { unsafe freeaddrinfo(first) }
            guard let pointer = unsafe first.pointee.ai_addr else { throw LabError("no address: \(address)") }
            return try unsafe body(pointer, first.pointee.ai_addrlen)
        }

        func accept() throws -> LabSocket {
            try LabSocket(Glibc.accept(descriptor, nil, nil))
        }

        func send(_ bytes: [UInt8]) throws {
            var done = 0
            while done < bytes.count {
                let count = unsafe bytes.withUnsafeBytes { buffer in
                    unsafe Glibc.send(
                        descriptor, buffer.baseAddress.map { unsafe $0 + done }, buffer.count - done, CInt(MSG_NOSIGNAL)
                    )
                }
                guard count > 0 else { throw LabError("send: \(errno)") }
                done += count
            }
        }

        /// Some bytes, at most `limit`; none at the end of the stream.
        func receive(_ limit: Int) throws -> [UInt8] {
            var bytes = [UInt8](repeating: 0, count: limit)
            let count = unsafe bytes.withUnsafeMutableBytes { unsafe recv(descriptor, $0.baseAddress, limit, 0) }
            guard count >= 0 else { throw LabError("receive: \(errno)") }
            return Array(bytes.prefix(count))
        }

        /// Says that nothing more will be sent.
        func finish() {
            shutdown(descriptor, CInt(SHUT_WR))
        }

        /// Sends a datagram of no bytes.
        func sendNothing() {
            _ = Glibc.send(descriptor, nil, 0, 0)
        }

        /// Answers each datagram with itself, until an empty one comes or nothing for a while.
        func echo() throws {
            var bytes = [UInt8](repeating: 0, count: 65_535)
            var address = sockaddr_storage()
            while true {
                var length = socklen_t(MemoryLayout<sockaddr_storage>.size)
                let done = unsafe withUnsafeMutablePointer(to: &address) { storage in
                    unsafe storage.withMemoryRebound(to: sockaddr.self, capacity: 1) { pointer in
                        let count = unsafe recvfrom(descriptor, &bytes, bytes.count, 0, pointer, &length)
                        guard count > 0 else { return true }
                        return unsafe sendto(descriptor, bytes, count, 0, pointer, length) < 0
                    }
                }
                if done { return }
            }
        }
    }
#endif
