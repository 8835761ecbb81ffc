import LoadBalancing
import Synchronization

/// How far a round has come; written by all clients, read by whoever shows it.
final class Progress: Sendable {
    private let requestCount = Atomic<Int>(0)
    private let errorCount = Atomic<Int>(0)
    private let activeClientCount = Atomic<Int>(0)

    /// Requests that are over.
    var requests: Int { requestCount.load(ordering: .relaxed) }
    /// Those of them that were not answered.
    var errors: Int { errorCount.load(ordering: .relaxed) }
    /// Whether all clients are done.
    var isOver: Bool { activeClientCount.load(ordering: .acquiring) == 0 }

    fileprivate func note(_ result: Sample.Result) {
        requestCount.add(1, ordering: .relaxed)
        if result != .answered { errorCount.add(1, ordering: .relaxed) }
    }

    fileprivate func clientStarts() {
        activeClientCount.add(1, ordering: .relaxed)
    }

    fileprivate func clientEnds() {
        activeClientCount.subtract(1, ordering: .releasing)
    }
}

/// The clients of one round: threads that send the load's requests through one balancer.
struct Clients {
    private let threads: [JoinableThread]
    private let samples: Collected

    /// Where each client leaves its samples when it is done.
    private final class Collected: Sendable {
        let samples = Mutex<[Sample]>([])
    }

    /// Starts sending.
    ///
    /// Requests that are not under way 2 s after the last one was due are given up.
    init(
        _ load: Load, through balancer: LoadBalancer<HTTPClient>, from start: ContinuousClock.Instant,
        progress: Progress
    ) throws {
        let next = Counter()
        let samples = Collected()
        let limit = start + load.duration + .seconds(2)
        var threads: [JoinableThread] = []
        for _ in 0..<Load.clientCount {
            progress.clientStarts()
            let thread = try JoinableThread {
                var own: [Sample] = []
                while let number = next.take(below: load.due.count) {
                    let due = start + load.due[number]
                    JoinableThread.sleep(until: due)
                    guard ContinuousClock.now < limit else { break }
                    let sample = Self.request(user: UInt64(number % 1000), due: due, start: start, through: balancer)
                    own.append(sample)
                    progress.note(sample.result)
                }
                samples.samples.withLock { $0 += own }
                progress.clientEnds()
            }
            threads.append(thread)
        }
        self.threads = threads
        self.samples = samples
    }

    /// Waits for the last request.
    func finish() -> [Sample] {
        for thread in threads { thread.join() }
        return samples.samples.withLock { $0 }
    }

    /// Sends one request through the balancer: this is what a service would do.
    private static func request(
        user: UInt64, due: ContinuousClock.Instant, start: ContinuousClock.Instant,
        through balancer: LoadBalancer<HTTPClient>
    ) -> Sample {
        var picked = ContinuousClock.now
        var server = 0
        let result: Sample.Result
        do {
            let response = try balancer.withBackend(for: PickRequest(keyHash: XXH64.hash(user))) { backend in
                picked = .now
                server = backend.endpoint.position
                return try backend.endpoint.get("/users/\(user)")
            } classify: { response in
                response.status == 200 ? .success : .failure
            }
            result = response.status == 200 ? .answered : .failed
        } catch {
            // The balancer has already been told: what the body throws is a failure of the backend.
            result = (error as? SocketError)?.isTimeout == true ? .timedOut : .failed
        }
        let ended = ContinuousClock.now
        return Sample(
            picked: start.duration(to: picked), ended: start.duration(to: ended), latency: due.duration(to: ended),
            server: server, result: result)
    }
}

/// Deals out numbers to threads.
private final class Counter: Sendable {
    private let next = Atomic<Int>(0)

    func take(below limit: Int) -> Int? {
        let number = next.wrappingAdd(1, ordering: .relaxed).oldValue
        return number < limit ? number : nil
    }
}
