/// How Katran fills tables of more than 65,537 slots, where its arithmetic of 32 bits overflows.
///
/// An endpoint's places are (offset + n · skip) modulo 2³² modulo the size for n = 0, 1, 2 and so on. Up to 65,537
/// slots that is a permutation, as in ``MaglevFilling``; above, the walk begins elsewhere each time it overflows, and
/// comes to a place more than once.
enum KatranFilling {
    private static let none = UInt32.max

    /// The owner of each slot, as the index of its backend.
    ///
    /// - Complexity: expected O(m log m), where m is the number of slots.
    /// - Throws: ``MaglevTableError`` where Katran itself would look for a free slot for ever.
    static func owners(
        size: Int, players: [MaglevFilling.Player], turns: some MaglevTurns
    ) throws(MaglevTableError) -> [UInt32] {
        // Katran asks for no places where there is one endpoint.
        if players.count == 1 { return Array(repeating: players[0].backend, count: size) }
        var turns = turns
        var owners = Array(repeating: none, count: size)
        var next = players.map { _ in UInt32(0) }
        var round: [UInt32] = []
        var left = size
        while left > 0 {
            round.removeAll(keepingCapacity: true)
            turns.appendRound(to: &round)
            for turn in round.prefix(left) {
                let player = Int(turn)
                let slot = try free(in: owners, for: players[player], &next[player])
                owners[slot] = players[player].backend
            }
            left -= min(left, round.count)
        }
        return owners
    }

    /// The first free slot of a player from its next place on.
    private static func free(
        in owners: [UInt32], for player: MaglevFilling.Player, _ next: inout UInt32
    ) throws(MaglevTableError) -> Int {
        let (offset, skip) = (UInt32(truncatingIfNeeded: player.place), UInt32(truncatingIfNeeded: player.skip))
        let size = UInt32(truncatingIfNeeded: owners.count)
        // After so many steps n · skip is the same again, modulo 2³².
        for _ in 0..<1 << (32 - skip.trailingZeroBitCount) {
            let slot = Int((offset &+ next &* skip) % size)
            next &+= 1
            if owners[slot] == none { return slot }
        }
        throw MaglevTableError(.neverFilled(slots: owners.count))
    }
}
