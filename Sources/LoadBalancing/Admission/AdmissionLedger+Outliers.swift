extension AdmissionLedger {
    /// How many backends are ejected.
    var ejectedCount: Int { records.count { $0.ejection.isEjected } }

    /// Ejects a backend, unless it is ejected, or too many are.
    mutating func eject(at index: Int, for reason: EjectionReason, at time: Timestamp) {
        guard let rules = rules.outliers, index < records.count, !records[index].ejection.isEjected,
            rules.mayEject(ejected: ejectedCount, of: records.count)
        else { return }
        let multiplier = note(at: index) { record in
            record.ejection.begin(at: time)
            record.warmingSince = nil
            return record.ejection.multiplier
        }
        propose(.full, by: .slowStart, at: index)
        propose(Admission(fraction: 0), by: .outlierEjection, at: index)
        tell(.ejected(id: id(at: index), for: reason, lasting: rules.ejectionTime(multiplier: multiplier)))
    }

    /// Ends the ejection of a backend, which comes back through slow start.
    mutating func endEjection(at index: Int, at time: Timestamp) {
        guard records[index].ejection.isEjected else { return }
        note(at: index) { $0.ejection.end() }
        propose(.full, by: .outlierEjection, at: index)
        warmUp(at: index, from: time)
        tell(.returned(id: id(at: index)))
    }

    /// Compares the backends and ends the ejections that are over, if an interval has passed.
    mutating func sweep(at time: Timestamp) {
        guard let rules = rules.outliers else { return }
        guard time >= nextSweep else { return }
        nextSweep = time.advanced(by: rules.interval)
        for outlier in rules.outliers(among: samples(at: time), of: records.count, using: &generator) {
            eject(at: outlier.index, for: outlier.reason, at: time)
        }
        for index in indices {
            note(at: index) { $0.ejection.decay() }
            if records[index].ejection.isOver(at: time, by: rules) { endEjection(at: index, at: time) }
        }
    }

    /// What each backend that is not ejected did since the last sweep.
    private mutating func samples(at time: Timestamp) -> [OutlierSample] {
        guard let generation else { return [] }
        var samples: [OutlierSample] = []
        for index in indices {
            let last = records[index].tally
            let tally = OutcomeTally(of: generation.slot(at: index))
            note(at: index) { $0.tally = tally }
            guard !records[index].ejection.isEjected else { continue }
            samples.append(
                OutlierSample(
                    index: index, successes: tally.successes.minus(last.successes),
                    failures: tally.failures.minus(last.failures), latency: latency(at: index, time: time)))
        }
        return samples
    }

    /// The latency average of a backend, projected to `time`, in nanoseconds.
    func latency(at index: Int, time: Timestamp) -> Double? {
        guard let generation, let estimator = generation.estimator else { return nil }
        let word = generation.slot(at: index).latency
        guard !word.isUnmeasured else { return nil }
        return Double(estimator.reading(of: word, at: LatencyWord.stamp(of: time)))
    }
}

/// How a backend's leases had ended at some time.
struct OutcomeTally {
    var successes: UInt64 = 0
    var failures: UInt64 = 0

    init() {}

    init(of slot: Slot) {
        let counters = slot.counters
        (successes, failures) = (counters.successes, counters.failures)
    }
}

extension UInt64 {
    /// The difference; 0 where counts that were read while leases ended seem to go back.
    fileprivate func minus(_ other: UInt64) -> UInt64 {
        self > other ? self - other : 0
    }
}
