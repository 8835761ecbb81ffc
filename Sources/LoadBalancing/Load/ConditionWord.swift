/// A ``LatencyWord`` whose lower half also tells how often a backend fails, and whether it is being tried.
///
/// The upper half is the latency average in nanoseconds as a `Float`, as in any latency word. Bits 0 … 21 are the time of the last
/// sample, or of the trial that is under way, in units of 2²⁰ ns (1.05 ms), which come round after 73 minutes; bits 22 … 30 the
/// average of failures, from 0 for none to 511; bit 31 is set from when a trial is sent until it is answered.
@frozen
@usableFromInline
struct ConditionWord: Sendable {
    @usableFromInline let bits: UInt64

    /// Nanoseconds in one step of a stamp.
    @inlinable static var unit: UInt64 { 1 << 20 }
    @inlinable static var stampMask: UInt32 { 1 << 22 - 1 }
    @inlinable static var failureMask: UInt32 { 511 << 22 }
    @inlinable static var trialBit: UInt32 { 1 << 31 }
    /// Failures and nothing but failures.
    @inlinable static var allFailures: UInt32 { 511 }

    @inlinable
    init(_ word: LatencyWord) {
        bits = word.bits
    }

    @inlinable
    init(latency: Float, failure: UInt32, isOnTrial: Bool, stamp: UInt32) {
        let low = failure << 22 | stamp & Self.stampMask | (isOnTrial ? Self.trialBit : 0)
        bits = UInt64(latency.bitPattern) << 32 | UInt64(low)
    }

    @inlinable
    static func stamp(of time: Timestamp) -> UInt32 {
        UInt32(truncatingIfNeeded: time.nanoseconds >> 20) & stampMask
    }

    @inlinable
    var word: LatencyWord { LatencyWord(bits: bits) }

    /// The latency average in nanoseconds; 0 if nothing was measured.
    @inlinable
    var latency: Float { word.value }

    /// The lower half.
    @inlinable
    var low: UInt32 { UInt32(truncatingIfNeeded: bits) }

    /// The average of failures, 0 … 511.
    @inlinable
    var failure: UInt32 { (low & Self.failureMask) >> 22 }

    /// Whether a trial is under way.
    @inlinable
    var isOnTrial: Bool { low & Self.trialBit != 0 }

    @inlinable
    var stamp: UInt32 { low & Self.stampMask }

    /// Units since the last sample; 0 where two threads' clocks disagree by up to a minute.
    @inlinable
    func units(until later: UInt32) -> UInt32 {
        let elapsed = (later &- low) & Self.stampMask
        return elapsed > Self.stampMask &- 1 << 16 ? 0 : elapsed
    }
}

extension LatencyEstimator {
    /// What ``Adaptive`` keeps of a backend's answers: the plain average of latencies, that of failures (α = ¼), and trials.
    static func condition(alpha: Double, fading: Duration = .seconds(4)) -> LatencyEstimator {
        LatencyEstimator(.condition, alpha: alpha, timeConstant: fading, failurePenalty: .zero)
    }

    /// The word after one more answer.
    ///
    /// An answer to a trial, or to what came after it, counts alone if it is good: the backend is what it is now. Until it comes,
    /// answers to earlier work change the averages but not the trial.
    @inlinable
    @inline(__always)
    func condition(after word: LatencyWord, sample: Float, at stamp: UInt32, outcome: Outcome) -> LatencyWord {
        let old = ConditionWord(word)
        let stamp = stamp >> 4 & ConditionWord.stampMask
        // Nothing but good answers, before and now.
        guard outcome == .success, old.low >> 22 == 0, old.bits >> 32 != 0 else {
            return unusualCondition(after: old, sample: max(sample, 1), at: stamp, outcome: outcome)
        }
        let latency = old.latency + weight(since: old, at: stamp) * (max(sample, 1) - old.latency)
        return LatencyWord(value: max(latency, 1), stamp: stamp)
    }

    /// The weight of a sample: α, and more the longer there was none.
    @inlinable
    @inline(__always)
    func weight(since old: ConditionWord, at stamp: UInt32) -> Float {
        // A stamp of this word is 16 of the latency word's.
        let units = Float(Int32(bitPattern: old.units(until: stamp))) * 16
        return 1 - (1 - alpha) * max(0, 1 - units * decayPerUnit)
    }

    @usableFromInline
    @inline(never)
    func unusualCondition(
        after old: ConditionWord, sample: Float, at stamp: UInt32, outcome: Outcome
    ) -> LatencyWord {
        // Of this trial, or of what was sent after it.
        let sinceTrial = Float(old.units(until: stamp) &+ 1) * Float(ConditionWord.unit)
        let answersTrial = old.isOnTrial && sample <= sinceTrial
        var latency = old.latency
        var failure = old.failure
        switch outcome {
        case .success:
            if latency == 0 || answersTrial && sample > latency {
                latency = sample
            } else {
                latency += (answersTrial ? alpha : weight(since: old, at: stamp)) * (sample - latency)
            }
            failure = answersTrial ? 0 : failure &* 3 / 4
        case .failure:
            // What fails fast is not fast, but what fails slowly is slow.
            if latency > 0, sample > latency { latency += (answersTrial ? 1 : alpha) * (sample - latency) }
            failure &+= (ConditionWord.allFailures &- failure &+ 3) / 4
        case .cancelled:
            // Whoever gave up waited at least this long: a lower bound, which raises the average, or else says nothing.
            guard latency > 0, sample > latency else { return old.word }
            latency += (answersTrial ? 1 : alpha) * (sample - latency)
        }
        let isOnTrial = old.isOnTrial && !answersTrial
        return ConditionWord(
            latency: latency, failure: failure, isOnTrial: isOnTrial, stamp: isOnTrial ? old.stamp : stamp
        ).word
    }
}
