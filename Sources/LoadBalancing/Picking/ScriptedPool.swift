import Synchronization

/// A pool whose loads and admissions a test writes down: for trying pickers without a balancer.
///
///     let pool = ScriptedPool(weights: [1, 1, 4], inFlight: [3, 0, 3])
///     var picker = LeastConnections(seed: 1)
///     pool.pick(with: &picker)    // 1
public final class ScriptedPool: Sendable {
    private let generation: Generation
    private let total = InFlightTotal()

    /// Creates a pool of `weights.count` backends.
    ///
    /// Shorter lists are filled up: nothing in flight, nothing measured, admitted in full. Weights are clamped to
    /// 0 … 2³¹.
    ///
    /// - Parameters:
    ///   - weights: one for each backend.
    ///   - inFlight: leases in flight.
    ///   - latencies: latency averages; `nil` for none yet.
    ///   - admissions: gates and fractions.
    ///   - ids: identities, each another; "backend 0", "backend 1", … where there are none.
    public init(
        weights: [Int], inFlight: [Int] = [], latencies: [Duration?] = [], admissions: [Admission] = [],
        ids: [String] = []
    ) {
        let registry = SlotRegistry(
            time: .system, measurement: Measurement(latency: .ewma(alpha: 1), sumsStartTimes: false), loadIndex: nil,
            total: total, isScripted: true)
        let slots = registry.hold(
            weights.indices.map { ($0 < ids.count ? ids[$0] : "backend \($0)", Scripted()) }, isSame: { _, _ in true })
        generation = Generation(
            slots: slots,
            weights: weights.map { UInt32(clamping: min($0, BackendSetError.maximumWeight)) },
            admissions: weights.indices.map { $0 < admissions.count ? admissions[$0] : .full },
            registry: registry)
        for (index, count) in zip(slots.indices, inFlight) { setInFlight(count, at: index) }
        for (index, latency) in zip(slots.indices, latencies) {
            if let latency { setLatency(latency, at: index) }
        }
    }

    /// Creates a pool of `count` backends of weight 1.
    public convenience init(count: Int) {
        self.init(weights: Array(repeating: 1, count: count))
    }

    private final class Scripted: Sendable {}

    /// A view for a picker.
    public func pool() -> BackendPool {
        BackendPool(generation)
    }

    /// Asks `picker` for a backend of this pool.
    public func pick<P: Picker>(with picker: inout P, for request: PickRequest = PickRequest()) -> Int? {
        picker.pick(request, from: pool())
    }

    /// The number that stands for a backend in ``TriedBackends``.
    public func slotID(at index: Int) -> UInt32 {
        generation.slot(at: index).id
    }

    /// Sets the number of leases in flight, from 0 up to a million.
    public func setInFlight(_ count: Int, at index: Int) {
        let slot = generation.slot(at: index)
        let old = slot.script(inFlight: UInt64(min(max(count, 0), 1_000_000)))
        total.add(Int(slot.load.inFlight) - Int(old))
    }

    /// Sets the latency average.
    public func setLatency(_ latency: Duration, at index: Int) {
        generation.slot(at: index).script(latency: Float(max(latency.wholeNanoseconds, 1)))
    }

    /// Sets gate and fraction.
    ///
    /// Call it from one thread at a time.
    public func setAdmission(_ admission: Admission, at index: Int) {
        generation.setAdmission(admission, at: index)
    }
}

extension Slot {
    /// Sets the leases in flight; gives how many there were.
    fileprivate func script(inFlight: UInt64) -> UInt64 {
        LoadWord(bits: unsafe storage.pointee.load.exchange(inFlight &+ 1, ordering: .relaxed)).inFlight
    }

    fileprivate func script(latency: Float) {
        unsafe storage.pointee.latency.store(LatencyWord(value: latency, stamp: 0).bits, ordering: .relaxed)
    }
}
