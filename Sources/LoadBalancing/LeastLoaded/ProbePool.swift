/// The answers to probes that a picker chooses from: Prequal's pool with its rule of hot and cold.
///
/// A pure value: answers, times and random numbers come from outside.
struct ProbePool: Sendable {
    /// An answer that may be used.
    struct Entry: Sendable {
        let index: Int
        var inFlight: Float
        let latency: Float
        let time: UInt64
        /// How often it may still be used.
        var uses: Int
    }

    /// The most answers that are kept: 16, and half of the backends, so that the reuse budget below stays positive.
    let capacity: Int
    /// How often an answer may be used, on average.
    private let budget: Float
    private(set) var entries: [Entry] = []
    /// The requests in flight of recent answers, by which hot is told from cold.
    private var recent: [Float] = []
    private var nextRecent = 0
    private var removesOldest = false

    /// Nanoseconds for which an answer may be used.
    static let lifetime: UInt64 = 1_000_000_000
    /// Answers that the quantile is of.
    static let memory = 128
    /// Backends with more in flight than this part of recent answers are hot: 2^−¼.
    static let quantile: Float = 0.84

    init(backends: Int, policy: PrequalPolicy) {
        capacity = max(2, min(16, backends / 2))
        let fresh = (1 - Float(capacity) / Float(max(backends, 1))) * Float(policy.probesPerPick) - 1
        budget = fresh > 0 ? min(max(1, 2 / fresh), 16) : 16
    }

    /// Takes an answer in; the oldest goes if there are too many.
    mutating func add(_ answer: ProbeAnswer, from index: Int, at time: UInt64, using generator: inout SeededGenerator) {
        let inFlight = Float(max(answer.inFlight, 0))
        if recent.count < Self.memory { recent.append(inFlight) } else { recent[nextRecent] = inFlight }
        nextRecent = (nextRecent + 1) % Self.memory
        if entries.count == capacity { entries.removeFirst() }
        // Rounded up or down at random, so that the mean is right.
        let uses = Int(budget + Float(generator.next() >> 40) * 0x1p-24)
        let latency = Float(answer.latency.wholeNanoseconds)
        entries.append(Entry(index: index, inFlight: inFlight, latency: latency, time: time, uses: max(uses, 1)))
    }

    /// Removes what is too old.
    mutating func expire(at time: UInt64) {
        entries.removeAll { time > $0.time && time - $0.time > Self.lifetime }
    }

    /// The backend of the fastest cold answer or, if all are hot, of the one with the fewest in flight; `nil` if fewer than two answers
    /// may be used.
    ///
    /// The answer that is used counts one request more from then on: ours.
    mutating func choose(isAdmitted: (Int) -> Bool) -> Int? {
        guard entries.count >= 2 else { return nil }
        let threshold = threshold
        var best: Int?
        for place in entries.indices where isAdmitted(entries[place].index) {
            if let current = best, !isBetter(entries[place], than: entries[current], threshold) { continue }
            best = place
        }
        guard let best else { return nil }
        let index = entries[best].index
        entries[best].inFlight += 1
        entries[best].uses -= 1
        if entries[best].uses <= 0 { entries.remove(at: best) }
        return index
    }

    /// Removes one answer, the oldest and the worst in turn, lest bad ones be all that is left.
    mutating func removeOne() {
        removesOldest.toggle()
        guard !entries.isEmpty else { return }
        if removesOldest {
            entries.removeFirst()
        } else {
            let threshold = threshold
            var worst = 0
            for place in entries.indices where isBetter(entries[worst], than: entries[place], threshold) {
                worst = place
            }
            entries.remove(at: worst)
        }
    }

    private var threshold: Float {
        guard !recent.isEmpty else { return .infinity }
        return recent.sorted()[min(recent.count - 1, Int(Float(recent.count) * Self.quantile))]
    }

    private func isBetter(_ entry: Entry, than other: Entry, _ threshold: Float) -> Bool {
        switch (entry.inFlight > threshold, other.inFlight > threshold) {
        case (false, false): entry.latency < other.latency
        case (true, true): entry.inFlight < other.inFlight
        case (let isHot, _): !isHot
        }
    }
}
