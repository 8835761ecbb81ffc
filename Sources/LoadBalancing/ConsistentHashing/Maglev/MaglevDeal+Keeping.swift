extension MaglevDeal {
    /// The second choice for each slot after a repair: as many stay what they were as can without anybody's part of an owner's
    /// slots being off by one.
    ///
    /// - Parameter previous: the second choices before; −1 where that backend is gone.
    static func seconds(of owners: [UInt32], _ members: MaglevMembers, keeping previous: [Int]) -> [UInt32] {
        var redeal = MaglevRedeal(MaglevDeal(of: owners, members), previous: previous)
        var slots = slotsByOwner(owners, count: members.backends.count)
        for owner in members.line {
            redeal.deal(slots[owner], of: owner)
            slots[owner] = []
        }
        return redeal.seconds
    }

    private static func slotsByOwner(_ owners: [UInt32], count: Int) -> [[Int]] {
        var slots = Array(repeating: [Int](), count: count)
        for slot in owners.indices { slots[Int(owners[slot])].append(slot) }
        return slots
    }
}

/// Deals owner by owner, to those first who have been dealt to before.
private struct MaglevRedeal {
    /// What has been dealt; what was before for all slots that have not been come to.
    private(set) var seconds: [UInt32]
    private let previous: [Int]
    private var deal: MaglevDeal
    /// Of the owner at hand: how many slots a new deal would give to each, and how many each has got. 0 between two owners.
    private var fresh: [Int]
    private var kept: [Int]

    init(_ deal: MaglevDeal, previous: [Int]) {
        self.deal = deal
        self.previous = previous
        seconds = Array(repeating: 0, count: previous.count)
        fresh = Array(repeating: 0, count: deal.hands.count)
        kept = fresh
    }

    mutating func deal(_ slots: [Int], of owner: Int) {
        let offers = slots.map { _ in deal.next(for: owner) }
        for other in offers { fresh[other] += 1 }
        // As many may be rounded up as a new deal rounds up.
        var extras = 0
        for other in offers where kept[other] == 0 {
            kept[other] = 1
            extras += fresh[other] - part(of: other, from: owner)
        }
        for other in offers { kept[other] = 0 }
        var open = keep(slots, of: owner) { $0 < $1 }
        open = keep(open, of: owner) { kept, part in
            guard extras > 0, kept == part else { return false }
            extras -= 1
            return true
        }
        for other in offers where kept[other] < part(of: other, from: owner) { give(&open, to: other) }
        for other in offers where extras > 0 && kept[other] < fresh[other] {
            give(&open, to: other)
            extras -= 1
        }
        for slot in slots { kept[Int(seconds[slot])] = 0 }
        for other in offers { fresh[other] = 0 }
    }

    /// Leaves slots with whom they were where `mayKeep` lets a backend that has kept so many, of so many that are its part at
    /// least, keep one more; returns the other slots.
    private mutating func keep(_ slots: [Int], of owner: Int, _ mayKeep: (_ kept: Int, _ part: Int) -> Bool) -> [Int] {
        var open: [Int] = []
        for slot in slots {
            let second = previous[slot]
            if second >= 0, second != owner, mayKeep(kept[second], part(of: second, from: owner)) {
                seconds[slot] = UInt32(truncatingIfNeeded: second)
                kept[second] += 1
            } else {
                open.append(slot)
            }
        }
        return open
    }

    private mutating func give(_ open: inout [Int], to other: Int) {
        guard let slot = open.popLast() else { return }
        seconds[slot] = UInt32(truncatingIfNeeded: other)
        kept[other] += 1
    }

    /// A backend's exact part of an owner's slots, rounded down.
    private func part(of other: Int, from owner: Int) -> Int {
        let count = deal.hands[owner].count
        let rest = UInt64(deal.line.count) - count
        return rest == 0 ? 0 : Int(deal.hands[other].count * count / rest)
    }
}
