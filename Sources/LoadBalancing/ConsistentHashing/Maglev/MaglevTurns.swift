/// Who claims a slot when: what the dialects' weights come down to.
protocol MaglevTurns {
    /// Appends the players of one round, of whom there may be none, in the order of their turns.
    mutating func appendRound(to turns: inout [UInt32])
}

/// Turns that give each player its exact number of slots.
///
/// In each round, of which there are about as many as the mean number of slots, a player of w times the mean weight has w
/// turns: all move ahead alike, and the rounds take time in proportion to the slots, whatever the weights are. The first round
/// has everybody, so that the smallest get a slot they want. Rounding shows in the last turns only.
struct ExactTurns: MaglevTurns {
    private struct Player {
        /// Weight times the number of players, and what of that has not made a turn.
        let pace: Int
        var credit: Int
        /// The turns it has not had.
        var left: Int
    }

    private var players: [Player]
    private let turn: Int
    private var rounds: Int
    /// Whether weights are equal: then each has one turn in every round but the last.
    private let areEqual: Bool
    private var equalRounds = 0

    /// - Parameters:
    ///   - weights: each player's, not 0.
    ///   - slots: how many each is to have.
    init(weights: [Int], slots: [Int]) {
        let total = weights.reduce(0, +)
        turn = total
        rounds = (slots.reduce(0, +) + slots.count - 1) / slots.count
        players = zip(weights, slots).map { Player(pace: $0 * slots.count, credit: total - 1, left: $1) }
        areEqual = weights.allSatisfy { $0 == weights[0] }
    }

    mutating func appendRound(to turns: inout [UInt32]) {
        let turn = turn
        let isLast = rounds <= 1
        rounds -= 1
        if areEqual, !isLast {
            turns.append(contentsOf: 0..<UInt32(truncatingIfNeeded: players.count))
            equalRounds += 1
            return
        }
        let equalRounds = equalRounds
        self.equalRounds = 0
        var players = players.mutableSpan
        for index in players.indices {
            var player = players[index]
            player.credit += player.pace
            player.left -= equalRounds
            while player.left > 0, player.credit >= turn || isLast {
                player.credit -= turn
                player.left -= 1
                turns.append(UInt32(truncatingIfNeeded: index))
            }
            players[index] = player
        }
    }
}
/// Envoy's turns, in double precision as Envoy computes them: in round t = 1, 2, … a host of normalised weight w has a turn if
/// t · w has reached its target, which then grows by the largest weight.
struct EnvoyTurns: MaglevTurns {
    private let weights: [Double]
    private let largest: Double
    private var targets: [Double]
    private var round = 0.0

    init(weights: [Int]) {
        let sum = Double(weights.reduce(0, +))
        self.weights = weights.map { Double($0) / sum }
        largest = self.weights.max() ?? 0
        targets = Array(repeating: 0, count: weights.count)
    }

    mutating func appendRound(to turns: inout [UInt32]) {
        round += 1
        for host in weights.indices where round * weights[host] >= targets[host] {
            targets[host] += largest
            turns.append(UInt32(truncatingIfNeeded: host))
        }
    }
}

/// The turns of Katran's `MaglevHash`: as many as the weight in the first round, one in all others.
struct KatranTurnsV1: MaglevTurns {
    private let weights: [Int]
    private let atMost: Int
    private var isFirst = true

    /// - Parameters:
    ///   - weights: the endpoints', in order.
    ///   - atMost: how many turns are wanted at most.
    init(weights: [Int], atMost: Int) {
        self.weights = weights
        self.atMost = atMost
    }

    mutating func appendRound(to turns: inout [UInt32]) {
        var left = atMost
        for endpoint in weights.indices {
            let count = isFirst ? min(weights[endpoint], left) : 1
            turns.append(contentsOf: repeatElement(UInt32(truncatingIfNeeded: endpoint), count: count))
            left -= count
        }
        isFirst = false
    }
}

/// The turns of Katran's `MaglevHashV2`: one whenever the sum of an endpoint's weights reaches the largest weight.
struct KatranTurnsV2: MaglevTurns {
    private let weights: [Int]
    private let largest: Int
    private var sums: [Int]

    init(weights: [Int]) {
        self.weights = weights
        largest = weights.max() ?? 0
        sums = Array(repeating: 0, count: weights.count)
    }

    mutating func appendRound(to turns: inout [UInt32]) {
        for endpoint in weights.indices {
            sums[endpoint] += weights[endpoint]
            if sums[endpoint] >= largest {
                sums[endpoint] -= largest
                turns.append(UInt32(truncatingIfNeeded: endpoint))
            }
        }
    }
}

/// Cilium's turns: one a round, for the first backend from n modulo the number of them on, n counting the rounds from 0, whose
/// weight times n + 1 has reached its counter; the counter then grows by the sum of all weights, in double precision.
struct CiliumTurns: MaglevTurns {
    private let weights: [Int]
    private let sum: Int
    private let usesWeights: Bool
    private var counters: [Double]
    private var round = 0

    init(weights: [Int]) {
        self.weights = weights
        sum = weights.reduce(0, +)
        usesWeights = sum / max(weights.count, 1) > 1
        counters = weights.map { Double($0) / Double(weights.count) }
    }

    mutating func appendRound(to turns: inout [UInt32]) {
        var backend = round % weights.count
        round += 1
        if usesWeights {
            // The counters of all cannot exceed what n + 1 times the weights add up to.
            while round * weights[backend] < Int(counters[backend]) {
                backend = backend + 1 == weights.count ? 0 : backend + 1
            }
            counters[backend] += Double(sum)
        }
        turns.append(UInt32(truncatingIfNeeded: backend))
    }
}
