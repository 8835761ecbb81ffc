import Glibc
import LoadBalancing
import Synchronization

/// A client that comes again and again: for a few bytes or many, in datagrams, or to leave without a word.
final class Visitors: Sendable {
    /// What became of the visits.
    struct Outcome: Sendable {
        var visits = 0
        /// Those by TCP.
        var connections = 0
        /// What went wrong, the first few.
        var failures: [String] = []
    }

    private let isStopped = Atomic(false)
    private let visits = Atomic(0)
    private let task: Mutex<BackgroundTask<Outcome>?>

    /// Begins with visits to `addresses`, 50 a second at most.
    init(from host: LabHost, to addresses: [String], seed: UInt64) {
        task = Mutex(nil)
        let work = host.begin { [self] in
            var outcome = Outcome()
            var random = SeededGenerator(seed: seed)
            while !isStopped.load(ordering: .relaxed) {
                let address = addresses[Int(random.next() % UInt64(addresses.count))]
                let draw = random.next()
                outcome.visits += 1
                if draw % 10 != 0 { outcome.connections += 1 }
                do throws(LabError) {
                    try Self.visit(address, draw)
                } catch {
                    if outcome.failures.count < 8 { outcome.failures.append("\(error)") }
                }
                visits.wrappingAdd(1, ordering: .relaxed)
                usleep(20_000)
            }
            return outcome
        }
        task.withLock { $0 = work }
    }

    /// Visits so far.
    var count: Int { visits.load(ordering: .relaxed) }

    /// Ends them.
    func finish() throws -> Outcome {
        isStopped.store(true, ordering: .relaxed)
        return try task.withLock { $0 }?.wait() ?? Outcome()
    }

    private static func visit(_ address: String, _ draw: UInt64) throws(LabError) {
        let size = 1 + Int(draw >> 32 % 2_000)
        switch draw % 10 {
        case 0: try Transfer.echo(size, to: address, seed: draw)
        case 1: _ = try Transfer.exchange(100_000 + size, to: address, seed: draw)
        case 2:
            let connection = try LabSocket.connect(address, EchoServer.port, isStream: true)
            _ = try connection.receiveLine()
            connection.resetWhenClosed()
        default: _ = try Transfer.exchange(size, to: address, seed: draw)
        }
    }
}
