import Testing

@testable import LoadBalancing

/// Each term of the cost by itself; times in milliseconds.
@Suite struct AdaptiveCostTests {
    /// A backend that requests, answers and reports come to, a second at a time.
    final class Subject {
        private let registry = SlotRegistry(
            time: .manual(ManualTime()),
            measurement: Measurement(latency: .condition(alpha: 0.1), sumsStartTimes: true, reports: .others),
            loadIndex: nil)
        let slot: Slot
        private var ends: [UInt64] = []

        init() {
            slot = registry.hold([("a", registry)], isSame: { _, _ in true })[0]
        }

        deinit {
            for end in ends { slot.end(end) }
            registry.release([slot])
        }

        /// Requests begin at these seconds.
        func begin(at starts: [Double]) {
            for start in starts {
                let deltas = slot.measurement.deltas(start: .seconds(start))
                _ = slot.begin(deltas.begin)
                ends.append(deltas.end)
            }
        }

        func set(_ word: ConditionWord) {
            _ = slot.replaceLatency(slot.latency, by: word.word)
        }
    }

    /// The cost at 10 s in milliseconds, for a fleet of 10 ms.
    static func cost(
        _ subject: Subject, at seconds: Double = 10, fleetFailure: Float = 0, others: Float = .nan, own: Float = 1,
        fraction: Float = 1
    ) -> Float? {
        let cost = costs(at: seconds, fleetFailure: fleetFailure, others: others, own: own)
        let found = cost.cost(of: subject.slot, fraction: fraction)
        // The short way leads to the same place, or to none.
        if fraction == 1, let plain = cost.plainCost(of: subject.slot, hasReports: cost.hasReports) {
            #expect(found == plain)
        }
        // Whoever is passed over costs more than anybody who is not suspended.
        if cost.isAway(subject.slot) { #expect(found.map { $0 > 1e12 } == true) }
        return found.map { $0 / 1e6 }
    }

    static func costs(
        at seconds: Double = 10, fleetFailure: Float = 0, others: Float = .nan, own: Float = 1
    ) -> AdaptiveCost {
        var fleet = FleetAverages()
        (fleet.latency, fleet.failure, fleet.others, fleet.own) = (10e6, fleetFailure, others, own)
        return AdaptiveCost(
            fleet: fleet, limits: AdaptiveLimits(AdaptivePolicy()), time: .seconds(seconds), knowsAges: true)
    }

    static func isAbout(_ found: Float?, _ expected: Float) -> Bool {
        found.map { abs($0 - expected) <= expected * 0.01 } ?? false
    }

    @Test(
        arguments: [
            (latency: 8, inFlight: 0, fraction: 1, cost: 8), (latency: 8, inFlight: 3, fraction: 1, cost: 32),
            (latency: 8, inFlight: 3, fraction: 0.1, cost: 248), (latency: 0, inFlight: 0, fraction: 1, cost: 10),
        ] as [(latency: Float, inFlight: Int, fraction: Float, cost: Float)])
    func latencyTimesRequests(latency: Float, inFlight: Int, fraction: Float, cost: Float) {
        let subject = Subject()
        if latency > 0 { subject.set(ConditionWordTests.word(latency, at: 10)) }
        subject.begin(at: Array(repeating: 10, count: inFlight))
        #expect(Self.isAbout(Self.cost(subject, fraction: fraction), cost))
    }

    @Test(arguments: [(0.01, 20), (1, 17.5), (2, 15), (4, 10), (100, 10)] as [(Double, Float)])
    func latenciesFadeToTheFleets(seconds: Double, cost: Float) {
        let subject = Subject()
        subject.set(ConditionWordTests.word(20, at: 10 - seconds))
        #expect(Self.isAbout(Self.cost(subject), cost))
    }

    @Test(
        arguments: [
            // Two requests that are 45 ms old on average: 15 ms rather than 8, three times.
            (starts: [9.94, 9.97], kept: 0, cost: 45), (starts: [9.99, 9.99], kept: 0, cost: 24),
            // A third that is kept open for long counts as a request, not by its age.
            (starts: [9.94, 9.97], kept: 1, cost: 60), (starts: [], kept: 1, cost: 16),
        ] as [(starts: [Double], kept: Int, cost: Float)])
    func agesStandForLatencies(starts: [Double], kept: Int, cost: Float) {
        let subject = Subject()
        subject.set(ConditionWordTests.word(8, at: 10))
        subject.begin(at: starts)
        for _ in 0..<kept {
            _ = subject.slot.begin(subject.slot.measurement.deltas(start: .seconds(1)).begin)
            subject.slot.keep(since: .seconds(1))
        }
        #expect(Self.isAbout(Self.cost(subject), cost))
        for _ in 0..<kept {
            subject.slot.dropKept()
            subject.slot.end(1)
        }
    }

    /// One failure of late: success ¾, to the fourth power 0.316; it is forgotten within a second.
    @Test(arguments: [(0, 0, 31.6), (0.5, 0, 17.1), (1, 0, 10), (0, 0.25, 10)] as [(Double, Float, Float)])
    func failuresAreDear(seconds: Double, fleetFailure: Float, cost: Float) {
        let subject = Subject()
        subject.set(ConditionWordTests.word(10, failure: 128, at: 10 - seconds))
        #expect(Self.isAbout(Self.cost(subject, fleetFailure: fleetFailure), cost))
    }

    /// One request of our own and 4 of others, who have 2 on an average backend; after half a second the report is worth nothing.
    ///
    /// Our own counts as often as there are balancers: 1 + 2 / own.
    @Test(arguments: [(2, 0, 7), (2, 0.25, 6), (2, 0.5, 5), (0.5, 0, 10)] as [(Float, Double, Float)])
    func reportedLoadsCount(own: Float, seconds: Double, requests: Float) {
        let subject = Subject()
        subject.begin(at: [10])
        subject.slot.take(LoadReport(inFlight: 4))
        subject.set(ConditionWordTests.word(10, at: 10 - seconds))
        #expect(Self.isAbout(Self.cost(subject, others: 2, own: own), 10 * requests))
    }

    /// Beyond 2.5 times the fleet's latency, or below 0.6 of its success, a backend waits for its trial.
    @Test(
        arguments: [
            (latency: 24, failure: 0, fleetFailure: 0, isSuspended: false),
            (latency: 26, failure: 0, fleetFailure: 0, isSuspended: true),
            (latency: 10, failure: 200, fleetFailure: 0, isSuspended: false),
            (latency: 10, failure: 210, fleetFailure: 0, isSuspended: true),
            // Where a fifth of all requests fails, as many failures say nothing.
            (latency: 10, failure: 210, fleetFailure: 0.2, isSuspended: false),
        ] as [(latency: Float, failure: UInt32, fleetFailure: Float, isSuspended: Bool)])
    func badBackendsAreSuspended(latency: Float, failure: UInt32, fleetFailure: Float, isSuspended: Bool) throws {
        let subject = Subject()
        subject.set(ConditionWordTests.word(latency, failure: failure, at: 10))
        let cost = try #require(Self.cost(subject, fleetFailure: fleetFailure))
        #expect((cost > 1e6) == isSuspended)
        #expect(Self.costs(fleetFailure: fleetFailure).isAway(subject.slot) == isSuspended)
    }

    /// Between one and two seconds after the last answer, or the last trial.
    @Test(arguments: [false, true])
    func trialsAreDueAfterASecondOrTwo(isOnTrial: Bool) {
        for start in stride(from: 10.0, to: 20, by: 0.5) {
            let subject = Subject()
            subject.set(ConditionWordTests.word(10, failure: 500, isOnTrial: isOnTrial, at: start))
            #expect(Self.cost(subject, at: start + 0.99) != nil)
            #expect(Self.cost(subject, at: start + 2.01) == nil)
        }
    }
}
