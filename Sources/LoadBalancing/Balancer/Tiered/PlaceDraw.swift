/// The places of one plan with their balancers: what a draw is made from.
final class PlacesInForce<Endpoint: Sendable, Rule: Policy>: Sendable {
    struct Entry: Sendable {
        let place: Place
        let share: Double
        let balancer: Balancer<Endpoint, Rule>
        /// What stands for the place in the scores of keys.
        let seed: UInt64
        /// Where the place's stretch of the circle ends.
        let end: UInt64
    }

    /// All places; those that get most first, then in order.
    let entries: [Entry]
    /// How many of them have a share.
    let sharingCount: Int

    init(_ shares: [(share: TierPlan.Share, balancer: Balancer<Endpoint, Rule>)]) {
        // Refused work goes to who shares the load, then to the tiers in order.
        let sorted = shares.sorted { one, other in
            one.share.share != other.share.share
                ? one.share.share > other.share.share : one.share.place < other.share.place
        }
        var sum = 0.0
        entries = sorted.map { share, balancer in
            sum += share.share
            return Entry(
                place: share.place, share: share.share, balancer: balancer,
                seed: XXH64.hash(share.place.description), end: sum >= 1 ? .max : UInt64(sum * 0x1p64))
        }
        sharingCount = sorted.count { $0.share.share > 0 }
    }

    /// The place whose stretch holds a point of the circle.
    func index(at point: UInt64) -> Int? {
        guard sharingCount > 0 else { return nil }
        for index in 0..<(sharingCount - 1) where point < entries[index].end { return index }
        return sharingCount - 1
    }

    /// The place that scores highest with a key, by weighted rendezvous.
    func index(forKey key: UInt64) -> Int? {
        guard sharingCount > 1 else { return sharingCount == 1 ? 0 : nil }
        var earliest = Double.infinity
        var winner = 0
        for index in 0..<sharingCount {
            let entry = entries[index]
            let arrival = WeightedRendezvous.arrival(of: key, seed: entry.seed, weight: entry.share)
            if arrival < earliest { (earliest, winner) = (arrival, index) }
        }
        return winner
    }
}

/// One copy of the draw of a place: goes around a circle by the golden ratio, so that shares are even at any time.
struct PlaceDraw<Endpoint: Sendable, Rule: Policy>: Sendable {
    var places: PlacesInForce<Endpoint, Rule>
    private var point: UInt64

    init(places: PlacesInForce<Endpoint, Rule>, seed: UInt64, copy: Int) {
        self.places = places
        point = Mixing.mix(seed, position: copy)
    }

    mutating func draw(for request: PickRequest) -> (places: PlacesInForce<Endpoint, Rule>, index: Int?) {
        if let key = request.keyHash { return (places, places.index(forKey: key)) }
        point &+= GoldenRotation.step
        return (places, places.index(at: point))
    }
}
