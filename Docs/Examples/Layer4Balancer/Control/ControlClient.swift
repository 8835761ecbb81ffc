import Foundation
import Glibc

/// The other end of the control socket: asks a daemon that runs.
enum ControlClient {
    /// - Throws: ``ControlError``, if there is no daemon, or it does not answer.
    static func ask(_ request: ControlRequest, at path: String) throws(ControlError) -> ControlReply {
        // Waiting for a backend to drain takes as long as it takes.
        let patience = request.waits == true ? Int(request.deadline ?? 86_400) + 10 : 10
        guard let stream = StreamSocket.connect(to: path, patience: patience) else {
            throw ControlError(path, errno)
        }
        guard let line = try? JSONEncoder().encode(request), stream.send(Array(line) + [UInt8(ascii: "\n")]),
            let reply = try? JSONDecoder().decode(ControlReply.self, from: Data(stream.receiveAll()))
        else { throw ControlError("the daemon at \(path) does not answer") }
        return reply
    }
}

/// Why a daemon cannot be asked.
struct ControlError: Error, Hashable, CustomStringConvertible {
    let description: String

    init(_ description: String) {
        self.description = description
    }

    init(_ path: String, _ code: CInt) {
        let remedy =
            switch code {
            case ENOENT, ECONNREFUSED: "; start the daemon, or name its socket with --socket"
            case EACCES, EPERM: "; run this as a user who may write to the socket"
            default: ""
            }
        description = "cannot reach the daemon at \(path): \(unsafe String(cString: strerror(code)))\(remedy)"
    }
}
