/// A server of a simulation.
protocol SimulatedServer: AnyObject {
    /// Requests that it has, running and waiting.
    var inFlight: Int { get }
    /// How fast it is at the moment; 1 is what work is measured in.
    var speed: Double { get }
    /// How many requests it works on at full speed.
    var slots: Int { get }
    /// Whether it refuses everything.
    var isFailing: Bool { get set }

    /// Takes a job in, of `work` nanoseconds at speed 1.
    func take(_ job: Int, work: Double, at now: UInt64, events: inout EventQueue)

    /// Acts on an event of its own; gives the job that is done.
    func complete(_ event: Event, events: inout EventQueue) -> Int?

    /// A request that it refuses begins, or ends: in flight like any other, but nobody waits for it.
    func refuse(_ change: Int)

    /// Becomes faster or slower.
    func setSpeed(_ speed: Double, at now: UInt64, events: inout EventQueue)
}

/// A server with a number of slots and a first-come queue in front of them.
///
/// A change of speed concerns what starts after it: what runs goes on as before.
final class QueueServer: SimulatedServer {
    private let number: Int
    let slots: Int
    private var running = 0
    private var waiting: [(job: Int, work: Double)] = []
    private var head = 0
    private var refusing = 0
    private(set) var speed: Double
    var isFailing = false

    init(number: Int, slots: Int, speed: Double) {
        self.number = number
        self.slots = slots
        self.speed = speed
    }

    var inFlight: Int { running + waiting.count - head + refusing }

    func take(_ job: Int, work: Double, at now: UInt64, events: inout EventQueue) {
        if running < slots {
            start(job, work: work, at: now, events: &events)
        } else {
            waiting.append((job, work))
        }
    }

    func complete(_ event: Event, events: inout EventQueue) -> Int? {
        running -= 1
        if head < waiting.count {
            let next = waiting[head]
            head += 1
            if head > 1_000, head * 2 > waiting.count {
                waiting.removeFirst(head)
                head = 0
            }
            start(next.job, work: next.work, at: event.time, events: &events)
        }
        return Int(event.detail)
    }

    func refuse(_ change: Int) {
        refusing += change
    }

    func setSpeed(_ speed: Double, at now: UInt64, events: inout EventQueue) {
        self.speed = speed
    }

    private func start(_ job: Int, work: Double, at now: UInt64, events: inout EventQueue) {
        running += 1
        events.plan(Event(at: now + UInt64(work / speed), .completion, subject: number, detail: job))
    }
}
