import LoadBalancing
import Synchronization

/// A client that sends bytes and gets the same back, again and again until it is stopped: whatever is lost or changed shows.
final class Transfer: Sendable {
    private let isStopped = Atomic(false)
    private let exchanged = Atomic(0)
    private let task: Mutex<BackgroundTask<Int>?>

    /// Begins on one connection.
    init(from host: LabHost, to address: String, seed: UInt64) {
        task = Mutex(nil)
        let work = host.begin { [self] in
            let connection = try LabSocket.connect(address, EchoServer.port, isStream: true, patience: 60)
            _ = try connection.receiveLine()
            var payload = Payload(seed: seed)
            while !isStopped.load(ordering: .relaxed) {
                let bytes = payload.next(16_384)
                try connection.send(bytes)
                guard try connection.receive(all: bytes.count) == bytes else {
                    throw LabError("other bytes came back than were sent")
                }
                exchanged.wrappingAdd(bytes.count, ordering: .relaxed)
            }
            return exchanged.load(ordering: .relaxed)
        }
        task.withLock { $0 = work }
    }

    /// Bytes that came back so far.
    var byteCount: Int { exchanged.load(ordering: .relaxed) }

    /// Ends it.
    ///
    /// - Returns: bytes that came back.
    /// - Throws: ``LabError`` if the connection broke, or bytes were changed.
    @discardableResult
    func finish() throws -> Int {
        isStopped.store(true, ordering: .relaxed)
        return try task.withLock { $0 }?.wait() ?? 0
    }

    /// A client's whole visit: it sends `byteCount` bytes and gets the same back.
    ///
    /// - Returns: who served it.
    static func exchange(_ byteCount: Int, to address: String, seed: UInt64) throws(LabError) -> String {
        let connection = try LabSocket.connect(address, EchoServer.port, isStream: true)
        let server = try connection.receiveLine()
        var payload = Payload(seed: seed)
        var left = byteCount
        while left > 0 {
            let bytes = payload.next(min(left, 65_536))
            try connection.send(bytes)
            guard try connection.receive(all: bytes.count) == bytes else {
                throw LabError("other bytes came back than were sent")
            }
            left -= bytes.count
        }
        return server
    }

    /// A datagram that comes back; a first large one may only tell the client how small the way is.
    static func echo(_ byteCount: Int, to address: String, seed: UInt64) throws(LabError) {
        var payload = Payload(seed: seed)
        let bytes = payload.next(byteCount)
        let socket = try LabSocket.connect(address, EchoServer.port, isStream: false, patience: 1)
        for _ in 0..<30 {
            guard (try? socket.send(bytes)) != nil, let answer = try? socket.receive(65_536) else { continue }
            guard answer == bytes else { throw LabError("another datagram came back") }
            return
        }
        throw LabError("no answer to a datagram of \(byteCount) bytes")
    }
}

/// Bytes that follow from a seed.
struct Payload {
    private var generator: SeededGenerator

    init(seed: UInt64) {
        generator = SeededGenerator(seed: seed)
    }

    mutating func next(_ count: Int) -> [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(count + 8)
        while bytes.count < count {
            var word = generator.next()
            for _ in 0..<8 {
                bytes.append(UInt8(truncatingIfNeeded: word))
                word >>= 8
            }
        }
        bytes.removeLast(bytes.count - count)
        return bytes
    }
}
