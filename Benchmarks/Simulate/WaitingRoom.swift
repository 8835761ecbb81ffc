import LoadBalancing
import Synchronization

/// Requests of a simulation that wait for room as those of programs do: each in a task, which the simulation runs itself.
///
/// The tasks go on only while ``takeServed()`` runs, one after another in the order in which they were woken: what is waited for
/// follows from the seed like everything else.
final class WaitingRoom: TaskExecutor {
    /// A request that waits no more; without a lease if it was in vain.
    struct Served: Sendable {
        let job: Int
        let lease: SharedLease<Int>?
    }

    private let ready = Mutex<[UnownedJob]>([])
    private let served = Mutex<[Served]>([])

    func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        ready.withLock { $0.append(job) }
    }

    /// Lets a request wait for a lease.
    func wait(_ job: Int, for request: PickRequest, at balancer: LoadBalancer<Int>, upTo patience: Duration) {
        Task(executorPreference: self) {
            let lease = try? await Self.lease(for: request, at: balancer, upTo: patience)
            self.served.withLock { $0.append(Served(job: job, lease: lease)) }
        }
    }

    private static func lease(
        for request: PickRequest, at balancer: LoadBalancer<Int>, upTo patience: Duration
    ) async throws(BalancerError) -> SharedLease<Int> {
        try await balancer.lease(for: request, waitingUpTo: patience).share()
    }

    /// Lets those go on who were woken; gives the requests that wait no more.
    func takeServed() -> [Served] {
        while case let jobs = ready.withLock({ ready in
            defer { ready.removeAll(keepingCapacity: true) }
            return ready
        }), !jobs.isEmpty {
            // The unowned reference is used no longer than this call, for which `self` is there.
            for job in jobs { unsafe job.runSynchronously(on: asUnownedTaskExecutor()) }
        }
        return served.withLock { served in
            defer { served.removeAll(keepingCapacity: true) }
            return served
        }
    }
}
