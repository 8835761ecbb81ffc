/// Who claims a slot when.
extension MaglevDialect {
    /// The owner of each of `size` slots.
    func owners(_ members: MaglevMembers, size: Int) -> [UInt32] {
        guard size > 0 else { return [] }
        switch kind {
        case .standard: return Self.standardOwners(members, size: size)
        case .envoy: return Self.envoyOwners(members, size: size)
        }
    }

    /// In each of r rounds, r being the mean share, a backend of share q claims q / r slots: all move ahead alike, in time that
    /// is proportional to the slots whatever the weights are.
    private static func standardOwners(_ members: MaglevMembers, size: Int) -> [UInt32] {
        let shares = MaglevShares.slots(of: members, size: size)
        let slots = UInt64(size)
        var filling = MaglevFilling(
            size: size, players: members.line,
            permutations: members.line.map { index in
                let hash = members.hashes[index]
                return MaglevFilling.Permutation(
                    offset: hash.multipliedFullWidth(by: slots).high,
                    skip: Mixing.mix(hash).multipliedFullWidth(by: slots - 1).high + 1)
            })
        let rounds = max(size / members.line.count, 1)
        // A backend claims its first slot in the first round, however small it is.
        var credits = shares.map { $0 > 0 ? rounds - 1 : 0 }
        for _ in 0..<rounds {
            for player in shares.indices {
                credits[player] &+= shares[player]
                while credits[player] >= rounds {
                    credits[player] &-= rounds
                    filling.claim(by: player)
                }
            }
        }
        return filling.owners
    }

    /// In turn t = 1, 2, … a host of normalised weight w claims a slot if t · w has reached its target, which then grows by the
    /// largest weight: in double precision, as Envoy computes it.
    private static func envoyOwners(_ members: MaglevMembers, size: Int) -> [UInt32] {
        let hosts = members.line.sorted {
            members.backends[$0].name.utf8.lexicographicallyPrecedes(members.backends[$1].name.utf8)
        }
        let slots = UInt64(size)
        var filling = MaglevFilling(
            size: size, players: hosts,
            permutations: hosts.map { index in
                MaglevFilling.Permutation(
                    offset: members.hashes[index] % slots,
                    skip: XXH64.hash(members.backends[index].name, seed: 1) % (slots - 1) + 1)
            })
        let sum = Double(hosts.reduce(0) { $0 + members.backends[$1].weight })
        let weights = hosts.map { Double(members.backends[$0].weight) / sum }
        let largest = weights.max() ?? 0
        var targets = weights.map { _ in 0.0 }
        var turn = 1.0
        while filling.free > 0 {
            for host in weights.indices where turn * weights[host] >= targets[host] && filling.free > 0 {
                targets[host] += largest
                filling.claim(by: host)
            }
            turn += 1
        }
        return filling.owners
    }
}
