extension MaglevDialect {
    /// The owner of each of `size` slots.
    func owners(_ members: MaglevMembers, size: Int) throws(MaglevTableError) -> [UInt32] {
        guard size > 0 else { return [] }
        let order = turnOrder(of: members)
        let players = order.map { player(members, $0, slots: UInt64(size)) }
        let weights = order.map { members.backends[$0].weight }
        func filled(_ turns: some MaglevTurns) -> [UInt32] {
            MaglevFilling(size: size, players: players, turns: turns).owners
        }
        func filledByKatran(_ turns: some MaglevTurns) throws(MaglevTableError) -> [UInt32] {
            size > 65_537 ? try KatranFilling.owners(size: size, players: players, turns: turns) : filled(turns)
        }
        switch kind {
        case .standard: return filled(ExactTurns(weights: weights, slots: MaglevShares.slots(of: weights, size: size)))
        case .paper, .envoy: return filled(EnvoyTurns(weights: weights))
        case .katran(.v1): return try filledByKatran(KatranTurnsV1(weights: weights, atMost: size))
        case .katran(.v2): return try filledByKatran(KatranTurnsV2(weights: weights))
        case .cilium: return filled(CiliumTurns(weights: weights))
        }
    }

    /// Those that have a weight, in the order in which they take turns.
    private func turnOrder(of members: MaglevMembers) -> [Int] {
        switch kind {
        case .standard: members.line
        case .paper, .katran: members.line.sorted()
        case .envoy, .cilium: members.byName
        }
    }

    private func player(_ members: MaglevMembers, _ index: Int, slots: UInt64) -> MaglevFilling.Player {
        let name = members.backends[index].name
        let hash = members.hashes[index]
        // The numbers that are taken modulo the slots and modulo one less; this package's own way multiplies.
        let (offset, skip): (UInt64, UInt64)
        switch kind {
        case .standard:
            return MaglevFilling.Player(
                backend: index, offset: hash.multipliedFullWidth(by: slots).high,
                skip: Mixing.mix(hash).multipliedFullWidth(by: slots - 1).high + 1)
        case .paper:
            if let given = members.given {
                (offset, skip) = (given[index] >> 32, given[index] & 0xFFFF_FFFF)
            } else {
                (offset, skip) = (hash, XXH64.hash(name, seed: 1))
            }
        case .envoy: (offset, skip) = (hash, XXH64.hash(name, seed: 1))
        case .katran:
            let endpoint = members.given?[index] ?? hash
            offset = MurmurHash3.hash(endpoint, 42, seed: 0).0
            skip = MurmurHash3.hash(endpoint, 2_718_281_828, seed: 2_307).0
        case .cilium(let seed): (offset, skip) = MurmurHash3.hash(name, seed: seed)
        }
        return MaglevFilling.Player(backend: index, offset: offset % slots, skip: skip % (slots - 1) + 1)
    }
}
