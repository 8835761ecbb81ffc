import Foundation

/// Takes requests from whoever may open the control socket, and lets the daemon answer them.
enum ControlServer {
    static func listen(
        at path: String, _ answer: @escaping @Sendable (ControlRequest) async -> ControlReply
    ) throws(ListenerError) -> Listener {
        try Listener(.path(path)) { stream in
            let reply: ControlReply
            if let line = stream.receive(through: "\n", limit: 65_536),
                let request = try? JSONDecoder().decode(ControlRequest.self, from: Data(line.utf8))
            {
                reply = waiting(on: stream) { await answer(request) } ?? ControlReply(error: "no answer")
            } else {
                reply = ControlReply(error: "the request cannot be understood; is the program of the same version?")
            }
            let data = (try? JSONEncoder().encode(reply)) ?? Data()
            _ = stream.send(Array(data))
        }
    }
}
