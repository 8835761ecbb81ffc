import Synchronization
import Testing

@testable import LoadBalancing

/// Servers whose health a test decides.
private final class Clinic: Sendable {
    private struct State {
        var reports: [String: HealthReport] = [:]
        var probes: [String: Int] = [:]
        var inFlight: [String: Int] = [:]
        var mostInFlight = 0
    }

    private let state = Guarded(State())
    private let silent = Guarded<Set<String>>([])
    let time: ManualTime

    init(_ time: ManualTime) {
        self.time = time
    }

    func set(_ report: HealthReport, for id: String) {
        state.withLock { $0.reports[id] = report }
    }

    func silence(_ id: String, _ isSilent: Bool = true) {
        silent.withLock { silent in
            if isSilent { silent.insert(id) } else { silent.remove(id) }
        }
    }

    var probes: [String: Int] { state.withLock { $0.probes } }
    var mostInFlight: Int { state.withLock { $0.mostInFlight } }

    func probe(_ id: String) async throws -> HealthReport {
        let report = state.withLock { state in
            state.probes[id, default: 0] += 1
            state.inFlight[id, default: 0] += 1
            state.mostInFlight = max(state.mostInFlight, state.inFlight[id, default: 0])
            return state.reports[id] ?? .healthy
        }
        defer { state.withLock { $0.inFlight[id, default: 0] -= 1 } }
        if silent.withLock({ $0.contains(id) }) {
            try await time.sleep(until: Timestamp(nanoseconds: .max))
        }
        if report.note == "throws" { throw CancellationError() }
        return report
    }
}

@Suite struct BalancerHealthChecksTests {
    private let time = ManualTime()

    private func balancer(
        _ names: String, slowStart: SlowStart? = nil, outliers: OutlierDetection? = nil, panicThreshold: Double = 0
    ) throws -> LoadBalancer<String> {
        try LoadBalancer(
            policy: .roundRobin, backends: LoadBalancer<String>.named(names),
            resilience: Resilience(
                panicThreshold: panicThreshold, slowStart: slowStart, outliers: outliers,
                healthChecks: HealthChecks(jitter: 0, timeout: Self.timeout)),
            time: .manual(time), seed: 1, stripeLimit: 1)
    }

    private func picks(_ balancer: LoadBalancer<String>) -> String {
        (try? balancer.picks(40)) ?? "nobody"
    }

    private func running(
        _ balancer: LoadBalancer<String>, _ clinic: Clinic, body: () async throws -> Void
    ) async throws {
        let task = Task { await balancer.runHealthChecks { try await clinic.probe($0) } }
        try await body()
        task.cancel()
        await task.value
    }

    /// Probes take no time, but time out after this; no interval ends at the same moment.
    private static let timeout = Duration.milliseconds(970)

    /// Lets a time pass, and waits until `sleepers` loops sleep again.
    private func pass(_ duration: Duration, sleepers: Int) async {
        time.advance(by: duration)
        await settle(sleepers: sleepers)
    }

    /// Waits until so many sleep, not counting those who time the probes that are under way.
    private func settle(sleepers: Int) async {
        let timeout = time.now.advanced(by: Self.timeout)
        for _ in 0..<1_000_000 {
            if time.deadlines.count(where: { $0 != timeout }) == sleepers { return }
            await Task.yield()
        }
        Issue.record("\(sleepers) sleepers were expected, until \(time.deadlines)")
    }

    @Test func aSickServerGoesAndComesBack() async throws {
        let balancer = try balancer("abc", slowStart: SlowStart())
        let clinic = Clinic(time)
        let events = balancer.events()
        try await running(balancer, clinic) {
            await settle(sleepers: 3)
            #expect(clinic.probes == ["a": 1, "b": 1, "c": 1])
            clinic.set(.unhealthy("disk"), for: "b")
            await pass(.seconds(2), sleepers: 3)
            await pass(.milliseconds(500), sleepers: 3)
            #expect(balancer.snapshot()["b"]?.admission == .full, "two bad answers are not enough")
            #expect(balancer.snapshot()["b"]?.health.failuresInARow == 2)
            await pass(.milliseconds(500), sleepers: 3)
            #expect(balancer.snapshot()["b"]?.admission.fraction == 0)
            #expect(balancer.snapshot()["b"]?.health.report?.note == "disk")
            #expect(!picks(balancer).contains("b"))
            clinic.set(.healthy, for: "b")
            await pass(.seconds(2), sleepers: 3)
            #expect(balancer.snapshot()["b"]?.admission.fraction == 0)
            await pass(.milliseconds(500), sleepers: 3)
            let fraction = try #require(balancer.snapshot()["b"]?.admission.fraction)
            #expect(abs(fraction - 0.1) < 1e-4, "through slow start")
        }
        #expect(
            Events.read(events).suffix(2) == [
                .healthChanged(id: "b", from: .healthy, to: .unhealthy),
                .healthChanged(id: "b", from: .unhealthy, to: .healthy),
            ])
    }

    @Test func aServerThatGoesGetsNoNewWork() async throws {
        let balancer = try balancer("ab")
        let clinic = Clinic(time)
        let held = try balancer.lease()
        clinic.set(.draining, for: held.id)
        try await running(balancer, clinic) {
            await settle(sleepers: 2)
            #expect(balancer.snapshot()[held.id]?.admission.gate == .draining)
            #expect(balancer.snapshot()[held.id]?.inFlight == 1)
            #expect(!picks(balancer).contains(held.id))
        }
        held.finish()
        #expect(balancer.snapshot().backends.map(\.successes).sorted() == [1, 40])
    }

    @Test func dependenciesAreKept() async throws {
        let balancer = try balancer("a")
        let clinic = Clinic(time)
        let report = HealthReport(
            .degraded, fraction: 0.25,
            dependencies: [HealthReport.Dependency(name: "cache", status: .unhealthy, note: "cold")])
        clinic.set(report, for: "a")
        try await running(balancer, clinic) {
            await settle(sleepers: 1)
            #expect(balancer.snapshot()["a"]?.health.report == report)
            #expect(balancer.snapshot()["a"]?.admission.fraction == 0.25)
        }
    }

    @Test func anErrorAndSilenceAreBadAnswers() async throws {
        let balancer = try balancer("ab")
        let clinic = Clinic(time)
        clinic.set(.unhealthy("throws"), for: "a")
        clinic.silence("b")
        try await running(balancer, clinic) {
            // a's loop, and b's probe, which hangs.
            await settle(sleepers: 2)
            #expect(balancer.snapshot()["a"]?.health.status == .unhealthy)
            #expect(balancer.snapshot()["b"]?.health.status == nil, "its time is not over")
            time.advance(by: Self.timeout)
            while balancer.snapshot()["b"]?.health.status == nil { await Task.yield() }
            #expect(balancer.snapshot()["b"]?.health.status == .unhealthy)
            #expect(balancer.snapshot()["b"]?.health.report?.note == "no answer within 0.97 seconds")
        }
        #expect(clinic.mostInFlight == 1)
    }

    @Test func checksFollowTheSet() async throws {
        let balancer = try balancer("ab")
        let clinic = Clinic(time)
        try await running(balancer, clinic) {
            await settle(sleepers: 2)
            try balancer.update(LoadBalancer<String>.named("bcd"))
            await settle(sleepers: 4)
            #expect(clinic.probes == ["a": 1, "b": 1, "c": 1, "d": 1])
            await pass(.seconds(2), sleepers: 3)
            #expect(clinic.probes == ["a": 1, "b": 2, "c": 2, "d": 2])
            try balancer.update(LoadBalancer<String>.named("ab"))
            await settle(sleepers: 4)
            await pass(.seconds(2), sleepers: 2)
            #expect(clinic.probes == ["a": 3, "b": 3, "c": 2, "d": 2])
        }
    }

    @Test func twoRunsProbeOnce() async throws {
        let balancer = try balancer("ab")
        let clinic = Clinic(time)
        try await running(balancer, clinic) {
            try await running(balancer, clinic) {
                await settle(sleepers: 2)
                for _ in 0..<5 { await pass(.seconds(2), sleepers: 2) }
            }
        }
        #expect(clinic.mostInFlight == 1)
        #expect(clinic.probes == ["a": 6, "b": 6])
    }

    /// Envoy: a health check that passes ends an ejection.
    @Test(arguments: [true, false])
    func aPassEndsAnEjection(returns: Bool) async throws {
        let balancer = try balancer("ab", outliers: OutlierDetection(successRate: nil, healthCheckReturns: returns))
        let clinic = Clinic(time)
        try await running(balancer, clinic) {
            await settle(sleepers: 2)
            for _ in 0..<10 {
                let lease = try balancer.lease()
                lease.finish(failingOn: "a")
            }
            #expect(balancer.snapshot()["a"]?.admission.fraction == 0)
            await pass(.seconds(2), sleepers: 2)
            #expect(balancer.snapshot()["a"]?.admission.fraction == (returns ? 1 : 0))
        }
    }

    /// Half and more of the backends healthy: no panic; fewer: everybody but those that are shut gets work.
    @Test func tooFewHealthyArePanic() async throws {
        let balancer = try balancer("abcde", panicThreshold: 0.5)
        let clinic = Clinic(time)
        balancer.setAdmission(Admission(gate: .down), for: "e")
        for id in ["a", "b"] { clinic.set(.unhealthy(), for: id) }
        let events = balancer.events()
        try await running(balancer, clinic) {
            await settle(sleepers: 5)
            #expect(!balancer.snapshot().isPanicking, "2 of 4")
            #expect(Set(picks(balancer)) == ["c", "d"])
            clinic.set(.unhealthy(), for: "c")
            for delay in [Duration.seconds(2), .milliseconds(500), .milliseconds(500)] {
                await pass(delay, sleepers: 5)
            }
            #expect(balancer.snapshot().isPanicking, "1 of 4")
            #expect(Set(picks(balancer)) == ["a", "b", "c", "d"])
            clinic.set(.healthy, for: "c")
            for delay in [Duration.seconds(2), .milliseconds(500)] { await pass(delay, sleepers: 5) }
            #expect(!balancer.snapshot().isPanicking)
            #expect(Set(picks(balancer)) == ["c", "d"])
        }
        let panics = Events.read(events).filter { event in
            switch event {
            case .panicBegan, .panicEnded: true
            default: false
            }
        }
        #expect(panics == [.panicBegan(healthy: 1, of: 4), .panicEnded(healthy: 2, of: 4)])
    }

    /// Who probes by means of his own says what he found, and is told when to look again.
    @Test func reportsMayComeFromElsewhere() throws {
        let checks = HealthChecks(interval: .seconds(4), fastInterval: .seconds(1), jitter: 0, fall: 2)
        let balancer = try LoadBalancer(
            policy: .roundRobin, backends: LoadBalancer<String>.named("ab"),
            resilience: Resilience(panicThreshold: 0, healthChecks: checks), time: .manual(ManualTime()), seed: 1,
            stripeLimit: 1)
        #expect(balancer.takeHealth(.healthy, of: "a") == .seconds(4))
        #expect(balancer.takeHealth(.unhealthy(), of: "a") == .seconds(1))
        #expect(try balancer.picks(10).contains("a"))
        #expect(balancer.takeHealth(.unhealthy(), of: "a") == .seconds(4))
        #expect(try !balancer.picks(10).contains("a"))
        #expect(balancer.takeHealth(.healthy, of: "x") == nil)
    }
}
