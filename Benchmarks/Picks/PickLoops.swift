import LoadBalancing
import Synchronization

/// A picker with its pool in the hands of one thread.
final class OwnedPicks<P: Picker, Requests: RequestSource>: Sendable {
    private let picker: Mutex<P>
    private let pool: ScriptedPool

    init(_ picker: sending P, pool: ScriptedPool, requests: Requests.Type) {
        self.picker = Mutex(picker)
        self.pool = pool
    }

    /// `count` picks.
    func run(_ count: Int) -> UInt64 {
        picker.withLock { picker in pickAlone(&picker, pool.pool(), count, Requests.self) }
    }
}

/// The state of one thread's loop of leases.
final class LeaseHolder: Sendable {
    let table: Mutex<LeaseTable>

    init(_ table: consuming sending LeaseTable) {
        self.table = Mutex(table)
    }
}

/// A worker and the leases that it gave.
struct WorkerLoop<Rule: Policy>: ~Copyable {
    var worker: BalancerWorker<Int, Rule>
    var table: LeaseTable
}

/// One thread's loop of leases that a worker gives.
final class WorkerHolder<Rule: Policy>: Sendable {
    let loop: Mutex<WorkerLoop<Rule>>

    init(of balancer: Balancer<Int, Rule>, backends: Int) {
        var worker = balancer.makeWorker()
        let table = LeaseTable(backends: backends, thread: 0, from: &worker)
        loop = Mutex(WorkerLoop(worker: worker, table: table))
    }
}

// The loops below are compiled for each policy; the calls of picks in them are direct or in line.

@inline(never)
func pickAlone<P: Picker, Requests: RequestSource>(
    _ picker: inout P, _ pool: borrowing BackendPool, _ count: Int, _ requests: Requests.Type
) -> UInt64 {
    var sum = 0
    var time = Timestamp(nanoseconds: 1_000_000_000)
    for step in 0..<count {
        time.nanoseconds &+= 200
        sum &+= picker.pick(Requests.request(mixed(UInt64(truncatingIfNeeded: step)), at: time), from: pool) ?? -1
    }
    return UInt64(truncatingIfNeeded: sum)
}

@inline(never)
func pickShared<P: Picker, Requests: RequestSource>(
    _ picker: SharedPicker<P>, _ count: Int, thread: Int, _ requests: Requests.Type
) -> UInt64 {
    var sum = 0
    let base = UInt64(thread) << 40
    var time = Timestamp(nanoseconds: 1_000_000_000)
    for step in 0..<count {
        time.nanoseconds &+= 200
        let request = Requests.request(mixed(base &+ UInt64(truncatingIfNeeded: step)), at: time)
        sum &+= picker.pick(request) ?? -1
    }
    return UInt64(truncatingIfNeeded: sum)
}

/// The longest time that one pick took.
struct LongestPick {
    /// Nanoseconds of wall time.
    var wall: UInt64 = 0
    /// The longest of the times without what the picking thread itself had no core: what other threads cost it.
    var withoutWait: UInt64 = 0

    static func longer(_ one: LongestPick, _ other: LongestPick) -> LongestPick {
        LongestPick(wall: max(one.wall, other.wall), withoutWait: max(one.withoutWait, other.withoutWait))
    }
}

/// The longest pick of those made in `duration` nanoseconds.
@inline(never)
func longestPick<P: Picker, Requests: RequestSource>(
    _ picker: SharedPicker<P>, duration: UInt64, thread: Int, _ requests: Requests.Type
) -> LongestPick {
    var sum = 0
    var longest = LongestPick()
    var random = UInt64(thread) << 40
    let wait = CoreWait()
    var waited = wait.nanoseconds
    let start = Stopwatch.now
    while true {
        random &+= 1
        // To ask each time would leave no time to pick; a wait between two picks is then not taken for one in a pick.
        if random & 63 == 0 { waited = wait.nanoseconds }
        let before = Stopwatch.now
        sum &+= picker.pick(Requests.request(mixed(random), at: Timestamp(nanoseconds: before))) ?? -1
        let after = Stopwatch.now
        let wall = after - before
        longest.wall = max(longest.wall, wall)
        if wall > longest.withoutWait {
            let before = waited
            waited = wait.nanoseconds
            longest.withoutWait = max(longest.withoutWait, wall - min(wall, waited - before))
        }
        if after - start > duration { break }
    }
    Sink.take(UInt64(truncatingIfNeeded: sum))
    return longest
}

@inline(never)
func lease<Rule: Policy, Requests: RequestSource>(
    from balancer: Balancer<Int, Rule>, _ count: Int, _ table: inout LeaseTable, _ requests: Requests.Type
) -> UInt64 {
    var source = SharedLeases(balancer: balancer)
    return table.turn(count, Requests.self, from: &source)
}

@inline(never)
func lease<Rule: Policy, Requests: RequestSource>(
    from worker: inout BalancerWorker<Int, Rule>, _ count: Int, _ table: inout LeaseTable, _ requests: Requests.Type
) -> UInt64 {
    table.turn(count, Requests.self, from: &worker)
}
