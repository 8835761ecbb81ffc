// Sources may be cancelled from any thread, which Dispatch does not tell the compiler.
@unsafe @preconcurrency import Dispatch
import Foundation
import Glibc
import PacketForwarding
import Synchronization

/// Takes connections within this host, and hands each to somebody who may take his time.
final class Listener: Sendable {
    /// Where connections come in.
    enum Place: Hashable, Sendable {
        /// A file.
        case path(String)
        /// An address of the host.
        case endpoint(Endpoint)
    }

    /// Connections that are served at a time; more are closed at once.
    static let most = 32

    private let source: any DispatchSourceRead
    private let path: String?

    /// Listens from now on.
    ///
    /// - Parameters:
    ///   - place: where.
    ///   - serve: serves one connection, and may wait meanwhile: it has a thread.
    /// - Throws: ``ListenerError``, also if another program listens there.
    init(_ place: Place, serve: @escaping @Sendable (StreamSocket) -> Void) throws(ListenerError) {
        let descriptor: CInt
        switch place {
        case .path(let path):
            descriptor = try Self.listen(at: path)
            self.path = path
        case .endpoint(let endpoint):
            descriptor = try Self.listen(at: endpoint)
            path = nil
        }
        let queue = DispatchQueue(label: "listener")
        let room = DispatchSemaphore(value: Self.most)
        source = DispatchSource.makeReadSource(fileDescriptor: descriptor, queue: queue)
        source.setEventHandler {
            let accepted = accept(descriptor, nil, nil)
            guard accepted >= 0 else { return }
            _ = fcntl(accepted, F_SETFD, FD_CLOEXEC)
            let stream = StreamSocket(accepted, patience: 5)
            guard room.wait(timeout: .now()) == .success else { return }
            // Not on a queue, whose few threads are also those of everything asynchronous.
            Thread.detachNewThread {
                serve(stream)
                room.signal()
            }
        }
        source.setCancelHandler { close(descriptor) }
        source.resume()
    }

    /// Takes no more connections.
    func stop() {
        source.cancel()
        if let path { _ = unsafe unlink(path) }
    }

    /// - Throws: ``ListenerError`` if another program listens at a path.
    static func expectNobody(at path: String) throws(ListenerError) {
        guard StreamSocket.connect(to: path, patience: 1) == nil else {
            throw ListenerError(place: path, code: EADDRINUSE)
        }
    }

    private static func listen(at path: String) throws(ListenerError) -> CInt {
        if let end = path.lastIndex(of: "/"), end != path.startIndex { _ = unsafe mkdir(String(path[..<end]), 0o755) }
        // What a program left that has died is in the way, what one listens at is not ours.
        try expectNobody(at: path)
        if errno == ECONNREFUSED { _ = unsafe unlink(path) }
        let descriptor = socket(AF_UNIX, CInt(SOCK_STREAM.rawValue) | CInt(SOCK_CLOEXEC.rawValue), 0)
        guard descriptor >= 0 else { throw ListenerError(place: path, code: errno) }
        let result = unsafe UnixAddress.with(path) { unsafe bind(descriptor, $0, $1) }
        let isOurs = unsafe chmod(path, 0o660) == 0
        return try begin(descriptor, isBound: result == 0 && isOurs, path)
    }

    private static func listen(at endpoint: Endpoint) throws(ListenerError) -> CInt {
        let family = endpoint.address.version == .v4 ? AF_INET : AF_INET6
        let descriptor = socket(family, CInt(SOCK_STREAM.rawValue) | CInt(SOCK_CLOEXEC.rawValue), 0)
        guard descriptor >= 0 else { throw ListenerError(place: "\(endpoint)", code: errno) }
        var yes: CInt = 1
        _ = unsafe setsockopt(descriptor, SOL_SOCKET, SO_REUSEADDR, &yes, socklen_t(MemoryLayout<CInt>.size))
        let result = unsafe endpoint.withSocketAddress { unsafe bind(descriptor, $0, $1) }
        return try begin(descriptor, isBound: result == 0, "\(endpoint)")
    }

    private static func begin(_ descriptor: CInt, isBound: Bool, _ place: String) throws(ListenerError) -> CInt {
        guard isBound, Glibc.listen(descriptor, 64) == 0 else {
            let code = errno
            close(descriptor)
            throw ListenerError(place: place, code: code)
        }
        return descriptor
    }
}

/// Waiting for what is asynchronous on a thread that may wait: not one of Swift's own, of which there are few.
///
/// When whoever is at the other end of `stream` goes away, the work is cancelled: nobody wants its result any more.
func waiting<Value: Sendable>(
    on stream: StreamSocket? = nil, for body: @escaping @Sendable () async -> Value
) -> Value? {
    let value = Mutex<Value?>(nil)
    let isDone = DispatchSemaphore(value: 0)
    let work = Task {
        let result = await body()
        value.withLock { $0 = result }
        isDone.signal()
    }
    while isDone.wait(timeout: .now() + .milliseconds(100)) == .timedOut {
        if stream?.isAbandoned ?? false { work.cancel() }
    }
    return value.withLock { $0 }
}

/// Why nobody can listen at a place.
struct ListenerError: Error, Hashable, CustomStringConvertible {
    let place: String
    let code: CInt

    var description: String {
        let remedy =
            switch code {
            case EADDRINUSE: "; another program listens there: stop it, or name another place"
            case EACCES, EPERM, EROFS: "; let this user write there, or name another place"
            case ENOENT: "; make the folder"
            case EADDRNOTAVAIL: "; use an address of this host, such as 127.0.0.1"
            default: ""
            }
        return "cannot listen at \(place): \(unsafe String(cString: strerror(code)))\(remedy)"
    }
}
