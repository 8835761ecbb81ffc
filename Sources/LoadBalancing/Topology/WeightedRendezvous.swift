/// Weighted rendezvous with weights that need not be whole numbers: places, sites and pools score with a key.
///
/// The order is that of arrivals, the earliest first: each is exponential with the weight as its rate, so the first is
/// a given one with the probability of its part of all weights, and a changed weight moves only the keys that its share
/// gains or loses.
enum WeightedRendezvous {
    /// When somebody arrives for a key; never without a weight.
    static func arrival(of key: UInt64, seed: UInt64, weight: Double) -> Double {
        guard weight > 0 else { return .infinity }
        // 53 bits, never zero, so that the logarithm is finite.
        let uniform = (Double(Mixing.mix(key ^ seed) >> 11) + 1) * 0x1p-53
        return -NaturalLogarithm.of(uniform) / weight
    }

    /// The positions of those that have a weight in a key's own order.
    static func order(of key: UInt64, _ candidates: [(seed: UInt64, weight: Double)]) -> [Int] {
        candidates.indices
            .map { (arrival(of: key, seed: candidates[$0].seed, weight: candidates[$0].weight), $0) }
            .filter { $0.0 < .infinity }
            .sorted { $0 < $1 }
            .map(\.1)
    }
}
