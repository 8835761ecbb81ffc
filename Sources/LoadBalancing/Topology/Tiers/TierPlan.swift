/// What each place gets of the traffic, and why.
public struct TierPlan: Hashable, Sendable {
    /// The share of one place.
    public struct Share: Hashable, Sendable {
        /// The place.
        public let place: Place
        /// Its part of all traffic, from 0 to 1.
        public let share: Double
        /// Whether its backends are used without regard to health.
        public let ignoresHealth: Bool
        /// Its health.
        public let health: GroupHealth
        /// Why it gets that much.
        public let reason: String
    }

    /// All places in order; their shares add up to 1, or to 0 where nobody may be sent to.
    public let shares: [Share]

    /// The share of a place; 0 for one that is not there.
    public subscript(place: Place) -> Double {
        shares.first { $0.place == place }?.share ?? 0
    }

    /// What a tier gets, all its zones together.
    public subscript(priority priority: Int) -> Double {
        shares.filter { $0.place.priority == priority }.reduce(0) { $0 + $1.share }
    }

    /// Whether both plans give the same to the same places, whatever their health.
    func isShared(as other: TierPlan) -> Bool {
        shares.elementsEqual(other.shares) { one, two in
            one.place == two.place && one.share == two.share && one.ignoresHealth == two.ignoresHealth
        }
    }
}

extension TierPlan: CustomStringConvertible {
    /// A line for each place: its share, its health and the reason.
    public var description: String {
        shares.map { share in
            let panic = share.ignoresHealth ? ", health ignored" : ""
            return "\(share.place): \(share.share.percentText), \(share.health) healthy\(panic): \(share.reason)"
        }.joined(separator: "\n")
    }
}
