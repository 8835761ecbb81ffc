import Foundation
import Glibc
import PacketForwarding

/// A socket of a host, which gives up on what takes too long; it belongs to the host on whose thread it was opened.
final class LabSocket: Sendable {
    let descriptor: CInt

    /// Takes a descriptor over.
    init(_ descriptor: CInt, patience: Int) throws(LabError) {
        guard descriptor >= 0 else { throw LabError("no socket: \(Self.reason)") }
        self.descriptor = descriptor
        var limit = timeval(tv_sec: patience, tv_usec: 0)
        let size = socklen_t(MemoryLayout<timeval>.size)
        _ = unsafe setsockopt(descriptor, SOL_SOCKET, SO_RCVTIMEO, &limit, size)
        _ = unsafe setsockopt(descriptor, SOL_SOCKET, SO_SNDTIMEO, &limit, size)
    }

    deinit {
        close(descriptor)
    }

    /// A socket that listens, or gets datagrams; at `::` of all addresses and both versions.
    static func serve(
        _ address: String, _ port: UInt16, isStream: Bool, patience: Int = 30
    ) throws(LabError) -> LabSocket {
        try unsafe with(address, port) { (pointer, length) throws(LabError) in
            let socket = try make(
                unsafe CInt(pointer.pointee.sa_family), isStream: isStream, patience: patience)
            var yes: CInt = 1
            _ = unsafe setsockopt(socket.descriptor, SOL_SOCKET, SO_REUSEADDR, &yes, socklen_t(4))
            guard unsafe bind(socket.descriptor, pointer, length) == 0,
                !isStream || listen(socket.descriptor, 4_096) == 0
            else { throw LabError("cannot serve \(address) port \(port): \(reason)") }
            return socket
        }
    }

    /// A socket connected to a server.
    static func connect(
        _ address: String, _ port: UInt16, isStream: Bool, patience: Int = 30
    ) throws(LabError) -> LabSocket {
        try unsafe with(address, port) { (pointer, length) throws(LabError) in
            let socket = try make(
                unsafe CInt(pointer.pointee.sa_family), isStream: isStream, patience: patience)
            guard unsafe Glibc.connect(socket.descriptor, pointer, length) == 0 else {
                throw LabError("cannot connect to \(address) port \(port): \(reason)")
            }
            return socket
        }
    }

    private static func with(
        _ address: String, _ port: UInt16,
        _ body: (UnsafePointer<sockaddr>, socklen_t) throws(LabError) -> LabSocket
    ) throws(LabError) -> LabSocket {
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

    private static func make(_ family: CInt, isStream: Bool, patience: Int) throws(LabError) -> LabSocket {
        let type = isStream ? SOCK_STREAM : SOCK_DGRAM
        return try LabSocket(socket(family, CInt(type.rawValue) | CInt(SOCK_CLOEXEC.rawValue), 0), patience: patience)
    }

    /// The next connection; `nil` if none is there.
    func accept() -> LabSocket? {
        try? LabSocket(Glibc.accept(descriptor, nil, nil), patience: 30)
    }

    func send(_ bytes: [UInt8]) throws(LabError) {
        var rest = bytes[...]
        while !rest.isEmpty {
            let count = unsafe rest.withUnsafeBytes { buffer in
                unsafe Glibc.send(descriptor, buffer.baseAddress, buffer.count, CInt(MSG_NOSIGNAL))
            }
            guard count > 0 else { throw LabError("cannot send: \(Self.reason)") }
            rest = rest.dropFirst(count)
        }
    }

    /// Has the other side be told by a RST, not by a FIN, when the socket closes (socket(7), `SO_LINGER`).
    func resetWhenClosed() {
        var limit = linger(l_onoff: 1, l_linger: 0)
        _ = unsafe setsockopt(descriptor, SOL_SOCKET, SO_LINGER, &limit, socklen_t(MemoryLayout<linger>.size))
    }

    /// Some bytes, at most `limit`; none at the end of the stream.
    func receive(_ limit: Int) throws(LabError) -> [UInt8] {
        var bytes = [UInt8](repeating: 0, count: limit)
        let count = unsafe recv(descriptor, &bytes, limit, 0)
        guard count >= 0 else { throw LabError("cannot receive: \(Self.reason)") }
        bytes.removeLast(limit - count)
        return bytes
    }

    /// Exactly `count` bytes.
    func receive(all count: Int) throws(LabError) -> [UInt8] {
        var bytes: [UInt8] = []
        while bytes.count < count {
            let more = try receive(count - bytes.count)
            guard !more.isEmpty else { throw LabError("the connection ended after \(bytes.count) of \(count) bytes") }
            bytes += more
        }
        return bytes
    }

    /// A line without its end.
    func receiveLine() throws(LabError) -> String {
        var bytes: [UInt8] = []
        while true {
            let more = try receive(1)
            guard let byte = more.first else { throw LabError("the connection ended before its first line") }
            if byte == UInt8(ascii: "\n") { return String(decoding: bytes, as: UTF8.self) }
            bytes.append(byte)
        }
    }

    static var reason: String { unsafe String(cString: strerror(errno)) }
}
