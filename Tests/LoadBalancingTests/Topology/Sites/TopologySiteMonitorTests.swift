import Testing

@testable import LoadBalancing

@Suite struct TopologySiteMonitorTests {
    private static func time(_ seconds: UInt64) -> Timestamp { Timestamp(nanoseconds: (seconds + 100) * 1_000_000_000) }

    @Test func aQuorumDecidesAndComingBackIsHeld() {
        var monitor = SiteMonitor(SiteMonitorRules(threshold: 1))
        #expect(monitor.isUp("eu", at: Self.time(0)))
        // Two of ten see it up: more than 18 %. One of ten: down.
        for observer in 0..<10 { monitor.report("eu", by: "\(observer)", isUp: observer < 2, at: Self.time(1)) }
        #expect(monitor.isUp("eu", at: Self.time(61)))
        monitor.report("eu", by: "0", isUp: false, at: Self.time(62))
        #expect(monitor.observers(of: "eu", at: Self.time(62)) == GroupHealth(healthy: 1, of: 10))
        #expect(!monitor.isUp("eu", at: Self.time(62)))
        monitor.report("eu", by: "0", isUp: true, at: Self.time(63))
        #expect(!monitor.isUp("eu", at: Self.time(122)))
        #expect(monitor.isUp("eu", at: Self.time(123)))
    }

    @Test func observersChangeTheirMindsSlowlyAndAreForgotten() {
        var monitor = SiteMonitor(SiteMonitorRules(quorum: 0.5, failBackHold: .zero))
        for second in 0..<3 as Range<UInt64> {
            monitor.report("eu", by: "a", isUp: true, at: Self.time(second))
            #expect(monitor.isUp("eu", at: Self.time(second)))
        }
        for second in 3...5 as ClosedRange<UInt64> { monitor.report("eu", by: "a", isUp: false, at: Self.time(second)) }
        #expect(!monitor.isUp("eu", at: Self.time(5)))
        // An observer that falls silent has no say; when all are silent, things stay as they were.
        monitor.report("eu", by: "b", isUp: true, at: Self.time(80))
        #expect(monitor.isUp("eu", at: Self.time(96)))
        monitor.report("eu", by: "b", isUp: true, at: Self.time(97))
        #expect(monitor.isUp("eu", at: Self.time(1_000)))
        monitor.forget("eu")
        #expect(monitor.judged([Site("eu", isUp: false)], at: Self.time(1_001))[0].isUp)
    }

    /// The threshold of the caller's prober, whatever it is, and nothing that overflows.
    @Test(arguments: [
        (interval: 10, threshold: 3, seconds: 90), (10, 10, 160), (30, 20, 660), (10, 0, 70), (10, -5, 70),
        (-10, 3, 60), (.max, .max, 31_536_000 * 1_000_000 + 60),
    ])
    func howLongClientsAreSentToASiteThatFailed(interval: Int, threshold: Int, seconds: Int) {
        let drain = SiteDrain(timeToLive: .seconds(30))
        #expect(drain.staleness(probeInterval: .seconds(interval), threshold: threshold) == .seconds(seconds))
    }

    @Test func whenASiteMayBeStopped() {
        let drain = SiteDrain(timeToLive: .seconds(30), idleTime: .seconds(60), stickyLife: .seconds(3_600))
        #expect(drain.arrival == .seconds(180))
        #expect(drain.wait == .seconds(180 + 3_600 + 60))
        #expect(drain.safeToStop(drainedAt: Self.time(0)) == Self.time(3_840))
        #expect(drain.staleness(probeInterval: .seconds(10), threshold: 3) == .seconds(90))
        #expect(SiteDrain(timeToLive: .seconds(300), idleTime: .zero).wait == .seconds(900))
    }
}
