import LoadBalancing
import Synchronization

/// How a server is built: how long it works on a request, and on how many at once.
struct ServerPlan: Sendable {
    let name: String
    /// The mean time of work on one request; each takes between half and one and a half times as long.
    let serviceTime: Duration
    /// Requests worked on at the same time; more have to wait in line.
    var slotCount = 2
}

/// A real HTTP/1.1 server on a free port of 127.0.0.1, with a thread of its own.
///
/// It can be made slow, it can be made to fail, and it can be killed: then its connections break and new ones are refused.
final class HTTPServer {
    let plan: ServerPlan
    let port: UInt16
    private let controls = Controls()
    private var thread: JoinableThread?

    /// What other threads tell the server's.
    final class Controls: Sendable {
        private let factor = Atomic<Int>(1)
        private let killed = Atomic<Bool>(false)
        private let failing = Atomic<Bool>(false)

        var slowdown: Int {
            get { factor.load(ordering: .relaxed) }
            set { factor.store(newValue, ordering: .relaxed) }
        }

        var isFailing: Bool {
            get { failing.load(ordering: .relaxed) }
            set { failing.store(newValue, ordering: .relaxed) }
        }

        var isKilled: Bool { killed.load(ordering: .relaxed) }

        func kill() {
            killed.store(true, ordering: .relaxed)
        }
    }

    /// Starts a server.
    init(_ plan: ServerPlan, seed: UInt64) throws {
        self.plan = plan
        let listener = try Socket.listening()
        port = listener.port
        thread = try JoinableThread { [controls] in
            var loop = ServerLoop(plan: plan, controls: controls, listener: listener, seed: seed)
            loop.run()
        }
    }

    deinit {
        kill()
    }

    /// Makes all work from now on take `factor` times as long.
    func slowDown(by factor: Int) {
        controls.slowdown = factor
    }

    /// Whether all requests are answered at once with status 503.
    var isFailing: Bool {
        get { controls.isFailing }
        set { controls.isFailing = newValue }
    }

    /// Closes the listening socket and all connections.
    ///
    /// When this returns, connecting is refused.
    func kill() {
        controls.kill()
        thread?.join()
        thread = nil
    }
}
