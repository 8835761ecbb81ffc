extension MaglevDeal {
    /// What one backend gets of an owner's slots.
    private struct Part {
        /// Its exact part, rounded down.
        var least = 0
        /// What a new deal would give to it.
        var fresh = 0
        var got = 0
    }

    /// The second choice for each slot after a repair: as many stay what they were as can while everybody's part of everybody's
    /// slots is exact, rounded down or up.
    ///
    /// - Parameters:
    ///   - owners: the owner of each slot.
    ///   - members: the backends.
    ///   - previous: the second choices before; ``MaglevRepair/none`` where that backend is gone.
    /// - Returns: a second choice for each slot.
    static func seconds(of owners: [UInt32], _ members: MaglevMembers, keeping previous: [UInt32]) -> [UInt32] {
        var deal = MaglevDeal(of: owners, members)
        var seconds = previous
        var parts = deal.hands.map { _ in Part() }
        for (owner, slots) in slotsByOwner(owners, deal.hands).enumerated() where !slots.isEmpty {
            deal.redeal(slots, of: owner, &seconds, &parts)
        }
        return seconds
    }

    private static func slotsByOwner(_ owners: [UInt32], _ hands: [Hand]) -> [[Int]] {
        var slots = hands.map { hand in
            var slots: [Int] = []
            slots.reserveCapacity(Int(hand.count))
            return slots
        }
        for slot in owners.indices { slots[Int(owners[slot])].append(slot) }
        return slots
    }

    /// Deals the slots of one owner, to those first whose they were; all parts are 0 before and after.
    private mutating func redeal(_ slots: [Int], of owner: Int, _ seconds: inout [UInt32], _ parts: inout [Part]) {
        var seconds = seconds.mutableSpan
        var parts = parts.mutableSpan
        let offers = slots.map { _ in next(for: owner) }
        // As many parts may be rounded up as a new deal rounds up.
        var roundedUp = 0
        for other in offers {
            if parts[other].fresh == 0 { parts[other].least = part(of: other, from: owner).least }
            parts[other].fresh += 1
            if parts[other].fresh > parts[other].least { roundedUp += 1 }
        }
        var open: [Int] = []
        for slot in slots {
            let second = Int(seconds[slot])
            if second < parts.count, parts[second].got < parts[second].least {
                parts[second].got += 1
            } else {
                open.append(slot)
            }
        }
        var free: [Int] = []
        for slot in open {
            let second = Int(seconds[slot])
            if roundedUp > 0, second < parts.count, second != owner, parts[second].got == parts[second].least,
                !part(of: second, from: owner).isWhole
            {
                parts[second].got += 1
                roundedUp -= 1
            } else {
                free.append(slot)
            }
        }
        for other in offers where parts[other].got < parts[other].least {
            guard let slot = free.popLast() else { break }
            seconds[slot] = UInt32(truncatingIfNeeded: other)
            parts[other].got += 1
        }
        for other in offers where parts[other].got < parts[other].fresh {
            guard let slot = free.popLast() else { break }
            seconds[slot] = UInt32(truncatingIfNeeded: other)
            parts[other].got += 1
        }
        for slot in slots { parts[Int(seconds[slot])] = Part() }
        for other in offers { parts[other] = Part() }
    }

    /// A backend's exact part of an owner's slots, rounded down, and whether that is all of it.
    private func part(of other: Int, from owner: Int) -> (least: Int, isWhole: Bool) {
        let rest = UInt64(line.count) - hands[owner].count
        guard rest > 0, other != owner else { return (0, false) }
        let (least, remainder) = (hands[other].count * hands[owner].count).quotientAndRemainder(dividingBy: rest)
        return (Int(truncatingIfNeeded: least), remainder == 0)
    }
}
