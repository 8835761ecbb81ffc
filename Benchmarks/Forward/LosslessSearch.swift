/// Finds the most frames a second that all arrive, by trials at rates between what is kept and what is not (RFC 2544, section
/// 26.1), on a machine that may have other work.
///
/// Nothing may be lost in a trial. A rate is kept if one trial of a few loses nothing, and given up if all of them do: what others
/// on the machine do to one trial does not decide. A trial in which the source was late says nothing of the way, and is done again.
struct LosslessSearch {
    /// What was sent in a second, and what arrived of it.
    struct Trial {
        let sent: Int
        let received: Int

        var isComplete: Bool { received >= sent }
    }

    /// What a search found.
    struct Result: Equatable {
        /// The most frames a second of which none was lost; 0 if there was no such rate down to a 32nd of the flood.
        var best: Int
        /// Whether the source could not send more.
        var isLimitedBySource: Bool
    }

    /// The part of a rate that a source may fall short of it and still be in time.
    private static let lateness = 0.02

    /// The trials with losses after which a rate is given up.
    let patience: Int
    /// How near to each other, as a part of the higher, are the highest rate that is kept and the lowest that is not.
    let resolution: Double

    /// Searches below what a flood was.
    ///
    /// - Parameters:
    ///   - flood: a second in which as many frames were sent as could be.
    ///   - offer: does a trial at a number of frames a second.
    /// - Returns: what is kept.
    func result(after flood: Trial, _ offer: (Int) throws -> Trial) rethrows -> Result {
        if flood.isComplete { return Result(best: flood.received, isLimitedBySource: true) }
        var result = Result(best: 0, isLimitedBySource: false)
        var low = 0
        var high = flood.sent
        // A way that loses little in a flood may lose nothing when as much comes evenly.
        var rate = flood.received > flood.sent * 9 / 10 ? flood.sent : flood.received
        while rate > flood.received / 32 {
            let arrived = try judge(rate, offer)
            result.best = max(result.best, arrived ?? 0)
            if arrived == nil { high = rate } else { low = rate }
            if Double(high - low) <= resolution * Double(high) { break }
            rate = low > 0 ? (low + high) / 2 : high * 3 / 4
        }
        result.isLimitedBySource = low >= flood.sent
        return result
    }

    /// What arrived at a rate of which nothing was lost; `nil` if the rate is to be given up.
    private func judge(_ rate: Int, _ offer: (Int) throws -> Trial) rethrows -> Int? {
        var losses = 0
        for _ in 0..<3 * patience {
            let trial = try offer(rate)
            guard Double(trial.sent) >= Double(rate) * (1 - Self.lateness) else { continue }
            if trial.isComplete { return trial.received }
            losses += 1
            if losses == patience { return nil }
        }
        return nil
    }
}
