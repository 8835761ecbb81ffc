/// When each flow is to be looked at: a timing wheel of three rings with 1,024 slots each, of 1, 2¹⁰ and 2²⁰ ticks.
///
/// A flow that may end within 4 s waits in the slot of its tick; one that may end later, in a coarser slot, from which it
/// is dealt out when the hand comes there. A packet only moves the flow's deadline: when the hand comes, a flow that
/// was used since goes on to the slot of its new deadline. So flows cost nothing while they are used, a flow that ends was visited
/// three times at most since its last packet, and none is seen past its tick once the hand has come by.
///
/// - Note: Varghese and Lauck, *Hashed and Hierarchical Timing Wheels*, 1987.
struct TimingWheel {
    private enum Ring {
        static let bits: UInt32 = 10
        static let slotCount = 1024
        static let mask: UInt32 = 1023
        static let count = 3
    }

    /// The lists that a wheel needs, the first ones of all.
    static let listCount = Ring.count * Ring.slotCount
    /// A bit for each slot.
    static let byteCount = listCount / 8

    private let lists: FlowLists
    private let entries: FlowEntries
    /// Set where a slot may hold flows; the hand clears those that it finds empty.
    private let occupied: TableMemory
    /// The hand: all ticks before it are done with.
    private var hand: FlowTime

    /// A wheel without flows, whose hand stands at `now`.
    init(lists: FlowLists, entries: FlowEntries, occupied: TableMemory, now: FlowTime) {
        self.lists = lists
        self.entries = entries
        self.occupied = occupied
        hand = now
        occupied.clear()
    }

    /// Puts a flow, which is in no slot, where its deadline says.
    @inline(__always)
    func insert(_ position: UInt32) {
        let slot = slot(for: entries.deadline(position))
        lists.append(position, to: slot, .timer)
        let offset = slot &>> 6 &* 8
        occupied.store(occupied.word64(at: offset) | 1 &<< UInt64(slot & 63), at: offset)
    }

    /// Takes a flow out of its slot.
    @inline(__always)
    func remove(_ position: UInt32) {
        lists.remove(position, .timer)
    }

    @inline(__always)
    private func slot(for deadline: FlowTime) -> Int {
        let wait = deadline.ticks(since: hand)
        if wait < 1 &<< Ring.bits {
            return Int((wait > 0 ? deadline.ticks : hand.ticks) & Ring.mask)
        }
        if wait < 1 &<< (2 &* Ring.bits) {
            return Ring.slotCount &+ Int(deadline.ticks &>> Ring.bits & Ring.mask)
        }
        return 2 &* Ring.slotCount &+ Int(deadline.ticks &>> (2 &* Ring.bits) & Ring.mask)
    }

    /// Looks for a flow whose deadline has come.
    ///
    /// - Parameters:
    ///   - now: The present.
    ///   - budget: The steps that may be taken: a step visits a flow, or moves the hand over empty slots. What it takes is
    ///     counted off.
    /// - Returns: the flow, still in its slot; `nil` if there is none, or the budget is used up: then 0 is left of it.
    mutating func due(by now: FlowTime, budget: inout Int) -> UInt32? {
        while budget > 0, hand.hasCome(by: now) {
            budget &-= 1
            guard let position = visit() else {
                move(towards: now)
                continue
            }
            if entries.deadline(position).hasCome(by: now) { return position }
            lists.remove(position, .timer)
            insert(position)
        }
        return nil
    }

    /// The first flow of the slots at the hand, coarse slots first: those are emptied as soon as the hand is there.
    private func visit() -> UInt32? {
        let ticks = hand.ticks
        if ticks & Ring.mask == 0 {
            if ticks &>> Ring.bits & Ring.mask == 0,
                let position = lists.first(of: 2 &* Ring.slotCount &+ Int(ticks &>> (2 &* Ring.bits) & Ring.mask))
            {
                return position
            }
            if let position = lists.first(of: Ring.slotCount &+ Int(ticks &>> Ring.bits & Ring.mask)) {
                return position
            }
        }
        return lists.first(of: Int(ticks & Ring.mask))
    }

    /// Moves the hand to the next slot that may hold flows, at most to the first slot of the next round of the ring, and at
    /// most behind `now`.
    private mutating func move(towards now: FlowTime) {
        let ticks = hand.ticks
        clearOccupied(Int(ticks & Ring.mask))
        if ticks & Ring.mask == 0 {
            clearOccupied(Ring.slotCount + Int(ticks >> Ring.bits & Ring.mask))
            if ticks >> Ring.bits & Ring.mask == 0 {
                clearOccupied(2 * Ring.slotCount + Int(ticks >> (2 * Ring.bits) & Ring.mask))
            }
        }
        let rest = UInt32(bitPattern: now.ticks(since: hand)) &+ 1
        hand.ticks = ticks &+ min(stepToOccupied(), rest)
    }

    /// How far the hand may go and miss nothing.
    private func stepToOccupied() -> UInt32 {
        let ticks = hand.ticks
        if let slot = firstOccupied(in: 0, from: ticks & Ring.mask &+ 1) { return slot &- ticks & Ring.mask }
        let round = ticks >> Ring.bits & Ring.mask
        // What is left in the finest ring is due in the next round; without any, the next round is the next in which a coarse
        // slot is dealt out.
        let rounds: UInt32
        if firstOccupied(in: 0, from: 0) != nil {
            rounds = 1
        } else {
            rounds = (firstOccupied(in: 1, from: round + 1) ?? Ring.mask + 1) - round
        }
        return rounds << Ring.bits &- ticks & Ring.mask
    }

    /// The first slot of a ring, from `slot` on, that may hold flows.
    private func firstOccupied(in ring: Int, from slot: UInt32) -> UInt32? {
        var word = Int(slot >> 6)
        var mask = UInt64.max << UInt64(slot & 63)
        while word < Ring.slotCount / 64 {
            let bits = occupied.word64(at: ring * Ring.slotCount / 8 + word * 8) & mask
            if bits != 0 { return UInt32(word * 64 + bits.trailingZeroBitCount) }
            word += 1
            mask = .max
        }
        return nil
    }

    private func clearOccupied(_ slot: Int) {
        let offset = slot >> 6 * 8
        occupied.store(occupied.word64(at: offset) & ~(1 << UInt64(slot & 63)), at: offset)
    }
}
