import Testing

@testable import Benchmarks

/// Servers of a simulation, job by job.
@Suite struct SimulatedServerTests {
    /// When jobs are done that come at given times with given work, by job.
    static func ends(_ server: any SimulatedServer, _ jobs: [(time: UInt64, work: Double)]) -> [UInt64] {
        var events = EventQueue()
        var ends = Array(repeating: UInt64(0), count: jobs.count)
        func pass(to time: UInt64) {
            while events.nextTime <= time, let event = events.next() {
                if let job = server.complete(event, events: &events) { ends[job] = event.time }
            }
        }
        for (number, job) in jobs.enumerated() {
            pass(to: job.time)
            server.take(number, work: job.work, at: job.time, events: &events)
        }
        pass(to: .max - 1)
        return ends
    }

    @Test func aQueueServesInOrder() {
        let server = QueueServer(number: 0, slots: 2, speed: 2)
        #expect(Self.ends(server, [(0, 20), (0, 40), (1, 10), (2, 10), (50, 4)]) == [10, 20, 15, 20, 52])
        #expect(server.inFlight == 0)
    }

    @Test func whatRunsGoesOnAtTheSpeedItBeganWith() {
        let server = QueueServer(number: 0, slots: 1, speed: 1)
        var events = EventQueue()
        server.take(0, work: 10, at: 0, events: &events)
        server.take(1, work: 10, at: 0, events: &events)
        server.setSpeed(0.1, at: 5, events: &events)
        var ends: [UInt64] = []
        while let event = events.next() {
            if server.complete(event, events: &events) != nil { ends.append(event.time) }
        }
        #expect(ends == [10, 110])
    }

    @Test func aSharedProcessorIsShared() {
        #expect(Self.ends(SharingServer(number: 0, slots: 1, speed: 1), [(0, 10), (0, 10)]) == [20, 20])
        #expect(Self.ends(SharingServer(number: 0, slots: 2, speed: 1), [(0, 10), (0, 10)]) == [10, 10])
        // Alone for 5, then half of the processor each.
        #expect(Self.ends(SharingServer(number: 0, slots: 1, speed: 1), [(0, 10), (5, 4)]) == [14, 13])
    }

    @Test func eventsComeInOrder() {
        var events = EventQueue()
        for (number, time) in [5, 3, 9, 3, 1].enumerated() {
            events.plan(Event(at: UInt64(time), .change, subject: number))
        }
        var order: [Int32] = []
        while let event = events.next() { order.append(event.subject) }
        #expect(order == [4, 1, 3, 0, 2], "by time, and in the order of planning at the same time")
        #expect(events.nextTime == .max)
    }

    @Test(arguments: [
        (bound: Bound.shortestQueue, jobs: 3, cost: 4), (bound: .shortestQueue, jobs: 0, cost: 1),
        (bound: .shortestDelay, jobs: 0, cost: 4), (bound: .shortestDelay, jobs: 1, cost: 4),
        (bound: .shortestDelay, jobs: 3, cost: 8),
    ])
    func boundsSeeQueuesAndSpeeds(bound: Bound, jobs: Int, cost: Double) {
        let server = QueueServer(number: 0, slots: 2, speed: 0.25)
        var events = EventQueue()
        for job in 0..<jobs { server.take(job, work: 1, at: 0, events: &events) }
        #expect(bound.cost(of: server) == cost)
    }
}
