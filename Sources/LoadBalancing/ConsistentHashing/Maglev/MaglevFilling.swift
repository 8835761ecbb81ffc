/// The slots of a table while backends claim them, each in an order of its own: the backend's permutation of the slots.
struct MaglevFilling {
    /// Where a permutation begins and how far it goes from slot to slot, modulo the prime number of slots.
    struct Permutation {
        var slot: Int
        let skip: Int

        /// - Parameters:
        ///   - offset: from 0 to `size` − 1.
        ///   - skip: from 1 to `size` − 1, so that all slots are visited.
        init(offset: UInt64, skip: UInt64) {
            slot = Int(truncatingIfNeeded: offset)
            self.skip = Int(truncatingIfNeeded: skip)
        }
    }

    /// The owner of each slot.
    private(set) var owners: [UInt32]
    /// The number of slots nobody has claimed.
    private(set) var free: Int
    private var permutations: [Permutation]
    /// A bit for each slot, set when it is claimed: the walk over claimed slots touches an eighth of a byte a slot.
    private var claimed: [UInt64]
    /// The indices of those who take turns.
    private let players: [Int]

    /// - Parameter players: the indices of the backends, in the order of their permutations.
    init(size: Int, players: [Int], permutations: [Permutation]) {
        owners = Array(repeating: 0, count: size)
        claimed = Array(repeating: 0, count: (size + 63) / 64)
        free = size
        self.players = players
        self.permutations = permutations
    }

    /// Gives the next free slot of a player's permutation to it; some slot has to be free.
    @inline(__always)
    mutating func claim(by player: Int) {
        var slot = permutations[player].slot
        let skip = permutations[player].skip
        while claimed[slot &>> 6] & 1 &<< UInt64(truncatingIfNeeded: slot & 63) != 0 {
            slot &+= skip
            if slot >= owners.count { slot &-= owners.count }
        }
        claimed[slot &>> 6] |= 1 &<< UInt64(truncatingIfNeeded: slot & 63)
        owners[slot] = UInt32(truncatingIfNeeded: players[player])
        permutations[player].slot = slot
        free &-= 1
    }
}
