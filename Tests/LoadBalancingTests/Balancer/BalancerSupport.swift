import Foundation
import Synchronization

@testable import LoadBalancing

/// An endpoint that is an object, so that a test can see it go.
final class Host: Sendable {
    let name: String

    init(_ name: String) {
        self.name = name
    }
}

/// Sees whether objects are still there, without keeping them.
struct Witness {
    private struct Reference {
        weak var object: AnyObject?
    }

    private var references: [Reference] = []

    mutating func watch(_ object: AnyObject) {
        references.append(Reference(object: object))
    }

    /// How many of the objects watched are still there.
    var living: Int { references.count { $0.object != nil } }
}

/// Threads of their own, more than the machine may have cores.
///
/// What the threads capture is let go of before they are joined.
final class ThreadTeam: Sendable {
    private let condition = NSCondition()
    private let running: Atomic<Int>
    private let body: Guarded<(@Sendable (Int) -> Void)?>

    /// Starts a thread for each number below `count`.
    init(_ count: Int, _ body: @escaping @Sendable (Int) -> Void) {
        running = Atomic(count)
        self.body = Guarded(body)
        for index in 0..<count {
            let thread = Thread { self.run(index) }
            thread.stackSize = 1 << 20
            thread.start()
        }
    }

    private func run(_ index: Int) {
        body.withLock { $0 }?(index)
        condition.lock()
        if running.subtract(1, ordering: .acquiringAndReleasing).newValue == 0 { body.withLock { $0 = nil } }
        condition.broadcast()
        condition.unlock()
    }

    /// Waits for all threads.
    func join() {
        condition.lock()
        while running.load(ordering: .acquiring) > 0 { condition.wait() }
        condition.unlock()
    }

    /// Waits for all threads without blocking the task.
    func joined() async {
        await withCheckedContinuation { continuation in
            Thread {
                self.join()
                continuation.resume()
            }.start()
        }
    }

    /// Runs one thread after another, each to its end.
    static func inTurn(_ count: Int, _ body: @escaping @Sendable (Int) -> Void) {
        for index in 0..<count { ThreadTeam(1) { _ in body(index) }.join() }
    }
}

/// A place where a thread stops until a test lets it go on.
final class Turnstile: Sendable {
    private enum Phase: Int, AtomicRepresentable {
        case expected, inside, released
    }

    private let condition = NSCondition()
    private let phase = Atomic(Phase.expected)

    /// Stops here until ``release()``.
    func pass() {
        condition.lock()
        if phase.load(ordering: .acquiring) == .expected { phase.store(.inside, ordering: .releasing) }
        condition.broadcast()
        while phase.load(ordering: .acquiring) != .released { condition.wait() }
        condition.unlock()
    }

    /// Waits until somebody stands in ``pass()``.
    func waitUntilInside() {
        condition.lock()
        while phase.load(ordering: .acquiring) == .expected { condition.wait() }
        condition.unlock()
    }

    /// Lets everybody go on, now and later.
    func release() {
        condition.lock()
        phase.store(.released, ordering: .releasing)
        condition.broadcast()
        condition.unlock()
    }
}

extension BalancerSnapshot {
    /// The backend of a name.
    subscript(id: String) -> BackendSnapshot? { backends.first { $0.id == id } }

    /// Leases in flight on all backends of the set.
    var inFlight: Int { backends.reduce(0) { $0 + $1.inFlight } }

    /// What leases ended with, all backends together.
    var outcomes: Outcomes {
        backends.reduce(into: Outcomes(0, 0, 0)) { sum, backend in
            sum.successes += Int(backend.successes)
            sum.failures += Int(backend.failures)
            sum.cancellations += Int(backend.cancellations)
        }
    }
}

/// How many leases ended in which way.
struct Outcomes: Hashable, Sendable {
    var successes: Int
    var failures: Int
    var cancellations: Int

    init(_ successes: Int, _ failures: Int, _ cancellations: Int) {
        self.successes = successes
        self.failures = failures
        self.cancellations = cancellations
    }

    var total: Int { successes + failures + cancellations }
}

extension Balancer where Endpoint == String {
    /// Backends of weight 1 whose names are the letters of `names`.
    static func named(_ names: String) -> [Backend<String>] {
        names.map { Backend(String($0)) }
    }

    /// The names of `count` picks, each ended at once.
    func picks(_ count: Int, for request: PickRequest = PickRequest()) throws(BalancerError) -> String {
        var names = ""
        for _ in 0..<count {
            let lease = try lease(for: request)
            names += lease.id
            lease.finish()
        }
        return names
    }
}

extension Balancer {
    /// The slots of the set in force.
    var slotsInForce: [Slot] {
        let state = membership.current.make(0)
        return (0..<state.pool.count).map { state.pool.slot(at: $0) }
    }
}
