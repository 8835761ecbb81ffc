@testable import LoadBalancing

/// A pool whose latencies are measured by an estimator, as those of a balancer are.
final class MeasuredPool {
    private let generation: Generation

    init(_ estimator: LatencyEstimator, weights: [Int], admissions: [Admission] = []) {
        let registry = SlotRegistry(
            time: .manual(ManualTime()), measurement: Measurement(latency: estimator, sumsStartTimes: false),
            loadIndex: nil)
        let slots = registry.hold(weights.indices.map { ("\($0)", registry) }, isSame: { _, _ in true })
        generation = Generation(
            slots: slots, weights: weights.map { UInt32($0) },
            admissions: weights.indices.map { $0 < admissions.count ? admissions[$0] : .full }, registry: registry)
    }

    /// A view for a picker.
    ///
    /// Never in line: the optimizer of Swift 6.3 gives up where it sees a noncopyable value made from a borrowed one.
    @inline(never)
    func pool() -> BackendPool { BackendPool(generation) }

    func pick<P: Picker>(with picker: inout P, at time: Timestamp?) -> Int? {
        picker.pick(PickRequest(time: time), from: pool())
    }

    /// Ends a request that took `latency` at `time`.
    func measure(_ latency: Duration, at time: Timestamp, on index: Int, outcome: Outcome = .success) {
        generation.slot(at: index).measure(nanoseconds: latency.wholeNanoseconds, at: time, outcome: outcome)
    }

    /// Everything that has been measured.
    var words: [UInt64] { (0..<generation.count).map { generation.slot(at: $0).latency.bits } }
}

extension Timestamp {
    /// A point on the time line that is that many seconds after an hour.
    static func seconds(_ seconds: Double) -> Timestamp {
        Timestamp(nanoseconds: 3_600_000_000_000).advanced(by: .seconds(seconds))
    }
}
