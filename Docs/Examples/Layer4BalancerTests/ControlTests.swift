import Foundation
import Glibc
import Testing

@testable import Layer4Balancer

/// The control socket from both ends.
struct ControlTests {
    private static func listen(at path: String) throws -> Listener {
        try ControlServer.listen(at: path) { request in
            request.service == "web"
                ? ControlReply(text: request.command.rawValue, data: Data([1, 2]))
                : ControlReply(error: "there is no service")
        }
    }

    @Test func answers() async throws {
        let folder = try TemporaryFolder()
        let path = "\(folder.path)/c.sock"
        let listener = try Self.listen(at: path)
        defer { listener.stop() }
        // Whoever waits has patience, however busy other tests keep this process.
        let refusal = try await waiting {
            var request = ControlRequest(.drain)
            request.waits = true
            return try ControlClient.ask(request, at: path)
        }
        #expect(refusal.error == "there is no service")
        let reply = try await waiting {
            var request = ControlRequest(.drain)
            request.service = "web"
            request.waits = true
            return try ControlClient.ask(request, at: path)
        }
        #expect(reply.text == "drain" && reply.data == Data([1, 2]) && reply.error == nil)
    }

    @Test(arguments: ["\n", "{}\n", "GET / HTTP/1.1\r\n", #"{"command": "explode"}\#n"#])
    func refusesWhatIsNoRequest(line: String) async throws {
        let folder = try TemporaryFolder()
        let listener = try Self.listen(at: "\(folder.path)/c.sock")
        defer { listener.stop() }
        let stream = try #require(StreamSocket.connect(to: "\(folder.path)/c.sock", patience: 3_600))
        #expect(stream.send(Array(line.utf8)))
        let answer = try await waiting { stream.receiveAll() }
        let reply = try JSONDecoder().decode(ControlReply.self, from: Data(answer))
        #expect(reply.error?.contains("cannot be understood") == true)
    }

    /// Whoever has no more to say may still listen; only who is gone waits no more.
    @Test func knowsWhoIsGone() {
        var ends: [CInt] = [-1, -1]
        #expect(unsafe socketpair(AF_UNIX, CInt(SOCK_STREAM.rawValue), 0, &ends) == 0)
        let stream = StreamSocket(ends[0], patience: 3_600)
        #expect(!stream.isAbandoned)
        shutdown(ends[1], CInt(SHUT_WR))
        #expect(!stream.isAbandoned)
        close(ends[1])
        #expect(stream.isAbandoned)
    }

    /// Whoever hangs up waits no more, and there is room for others.
    @Test func makesRoomWhenNobodyWaits() async throws {
        let folder = try TemporaryFolder()
        let path = "\(folder.path)/c.sock"
        let listener = try ControlServer.listen(at: path) { request in
            guard request.waits == true else { return ControlReply(text: "here") }
            try? await Task.sleep(for: .seconds(86_400))
            return ControlReply(error: "nobody waits")
        }
        defer { listener.stop() }
        for _ in 0..<Listener.most {
            let stream = try #require(StreamSocket.connect(to: path, patience: 3_600))
            #expect(stream.send(Array(#"{"command": "drain", "waits": true}\#n"#.utf8)))
        }
        let text = try await waiting {
            while true {
                if let reply = try? ControlClient.ask(ControlRequest(.list), at: path) { return reply.text }
                usleep(10_000)
            }
        }
        #expect(text == "here")
    }

    @Test func isForAdministratorsOnly() throws {
        let folder = try TemporaryFolder()
        let listener = try Self.listen(at: "\(folder.path)/c.sock")
        defer { listener.stop() }
        let attributes = try FileManager.default.attributesOfItem(atPath: "\(folder.path)/c.sock")
        #expect(attributes[.posixPermissions] as? Int == 0o660)
    }

    /// What a dead program left is replaced; what another one listens at is not.
    @Test func makesWayForNobodyWhoLives() throws {
        let folder = try TemporaryFolder()
        let path = "\(folder.path)/c.sock"
        let descriptor = socket(AF_UNIX, CInt(SOCK_STREAM.rawValue), 0)
        #expect(unsafe UnixAddress.with(path) { unsafe bind(descriptor, $0, $1) } == 0)
        close(descriptor)
        let listener = try Self.listen(at: path)
        defer { listener.stop() }
        do {
            _ = try Self.listen(at: path)
            Issue.record("two listen")
        } catch let error as ListenerError {
            #expect(error.code == EADDRINUSE)
            #expect(error.description.hasSuffix("another program listens there: stop it, or name another place"))
        }
    }

    @Test func saysThatThereIsNoDaemon() {
        do {
            _ = try ControlClient.ask(ControlRequest(.list), at: "/nowhere/c.sock")
            Issue.record("somebody answers")
        } catch {
            #expect(error.description.hasSuffix("start the daemon, or name its socket with --socket"))
        }
    }
}
