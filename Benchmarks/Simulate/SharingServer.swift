/// A server that works on all its jobs at once: up to so many at full speed, more of them share (*processor sharing*).
final class SharingServer: SimulatedServer {
    private let number: Int
    let slots: Int
    private(set) var speed: Double
    var isFailing = false
    /// Jobs by what each job will have got when it is done, the first first.
    private var jobs: [(end: Double, job: Int)] = []
    /// What a job that was there from the start would have got.
    private var progress = 0.0
    private var updated: UInt64 = 0
    /// Plans made before another job came or went do not count any more.
    private var version = 0
    private var refusing = 0

    init(number: Int, slots: Int, speed: Double) {
        self.number = number
        self.slots = slots
        self.speed = speed
    }

    var inFlight: Int { jobs.count + refusing }

    func take(_ job: Int, work: Double, at now: UInt64, events: inout EventQueue) {
        advance(to: now)
        let end = progress + work
        let place = jobs.firstIndex { $0.end > end } ?? jobs.count
        jobs.insert((end, job), at: place)
        plan(&events)
    }

    func complete(_ event: Event, events: inout EventQueue) -> Int? {
        guard event.detail == Int32(truncatingIfNeeded: version) else { return nil }
        advance(to: event.time)
        let done = jobs.removeFirst()
        plan(&events)
        return done.job
    }

    func refuse(_ change: Int) {
        refusing += change
    }

    func setSpeed(_ speed: Double, at now: UInt64, events: inout EventQueue) {
        advance(to: now)
        self.speed = speed
        plan(&events)
    }

    /// What each job gets in a nanosecond.
    private var rate: Double { speed * min(1, Double(slots) / Double(max(jobs.count, 1))) }

    private func advance(to now: UInt64) {
        progress += Double(now - updated) * rate
        updated = now
    }

    private func plan(_ events: inout EventQueue) {
        version += 1
        guard let first = jobs.first else { return }
        let left = max(0, (first.end - progress) / rate)
        events.plan(
            Event(at: updated + UInt64(left.rounded(.up)), .sharedCompletion, subject: number, detail: version))
    }
}
