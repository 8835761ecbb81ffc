import LoadBalancing

/// What happens to the keys of one construction when its set changes, when backends fail, and when loads are bounded.
struct BalanceTrial<Chosen: Construction> {
    let chosen: Chosen
    let weights: Weights
    let backends: [WeightedName]
    let hash: Chosen.Hash
    let sample: KeySample
    /// A key for each slot of a table of slots.
    let slots: KeySample?
    let plan: BalancePlan
    let seed: UInt64

    /// Moved keys by kind of change; where the table before and after has the same slots, these are counted: that is exact.
    func changes() throws -> [String: Movement] {
        let tenfold = BackendSet.backends(backends.count, weights, scale: 10)
        var result: [String: Movement] = [:]
        for (kinds, set) in [([SetChange.remove, .add], backends), ([.heavier, .lighter], tenfold)] {
            let hash = try chosen.build(set)
            let keyOwners = sample.owners(by: hash)
            let slotOwners = slots(of: hash)?.owners(by: hash)
            for kind in kinds {
                var movement = Movement()
                for round in 0..<plan.repetitions {
                    let change = change(kind, round, of: set)
                    let after = try chosen.update(hash, to: change.backends)
                    if let slots = slots(of: after), let slotOwners {
                        movement.add(change, before: slotOwners, after: slots.owners(by: after))
                    } else {
                        movement.add(change, before: keyOwners, after: sample.owners(by: after))
                    }
                }
                result[kind.rawValue] = movement
            }
        }
        return result
    }

    /// A key for each slot, if it is a table of the same slots.
    private func slots(of hash: Chosen.Hash) -> KeySample? {
        slots.flatMap { $0.hashes.count == chosen.slotCount(of: hash) ? $0 : nil }
    }

    /// A change of a kind; another one in each round.
    func change(_ kind: SetChange, _ round: Int, of set: [WeightedName]) -> BackendChange {
        // Spread over the set, and over the weights, which come in tens.
        let index = (set.count * round / plan.repetitions + round * 3 + Int(seed % 7)) % set.count
        return switch kind {
        case .remove: .removing(index, from: set, lastFillsHole: chosen.shrinksAtTheEnd)
        case .add: .adding(like: index, to: set, number: round)
        case .heavier: .reweighting(index, by: 10, in: set)
        case .lighter: .reweighting(index, by: -10, in: set)
        }
    }

    /// What failures do, for each number of backends down.
    func failures(_ owners: [Int32]) throws -> [FailureRow] {
        let counts = FailurePlan.allCases.map { $0.dead(of: backends.count) }
        return try Set(counts).sorted().map { count in
            var movement = Movement()
            var survivors = 0.0
            for round in 0..<plan.repetitions {
                let dead = draw(count, round)
                let (after, spread) = try chosen.rebuildsOnFailure ? rebuilt(without: dead) : refused(by: dead)
                movement.add(dead: dead, before: owners, after: after)
                survivors += (spread?.maximum ?? .nan) / Double(plan.repetitions)
            }
            return FailureRow(dead: count, movement: movement, survivors: survivors)
        }
    }

    /// The owners of the keys, and the shares of those left, with the table as it is.
    private func refused(by dead: [Bool]) -> (owners: [Int32], Spread?) {
        let weights = zip(backends, dead).map { $1 ? 0 : $0.weight }
        let owners = sample.owners(by: hash, without: dead)
        let slotOwners = slots?.owners(by: hash, without: dead)
        return (owners, Spread(owners: slotOwners ?? owners, weights: weights))
    }

    /// The same with a table of those left.
    private func rebuilt(without dead: [Bool]) throws -> (owners: [Int32], Spread?) {
        let left = backends.indices.filter { !dead[$0] }
        let set = left.map { backends[$0] }
        let smaller = try chosen.update(hash, to: set)
        let owners = sample.owners(by: smaller)
        let weights = set.map(\.weight)
        let slotOwners = slots(of: smaller)?.owners(by: smaller)
        let original = owners.map { $0 == KeySample.nobody ? $0 : Int32(truncatingIfNeeded: left[Int($0)]) }
        return (original, Spread(owners: slotOwners ?? owners, weights: weights))
    }

    private func draw(_ count: Int, _ round: Int) -> [Bool] {
        var generator = SeededGenerator(seed: seed &+ UInt64(round) << 32 &+ UInt64(count))
        var dead = [Bool](repeating: false, count: backends.count)
        var left = count
        while left > 0 {
            let index = Int(generator.next(below: UInt64(backends.count)))
            guard !dead[index] else { continue }
            dead[index] = true
            left -= 1
        }
        return dead
    }
}
