import LoadBalancing

/// A way to give each client of a fleet a few of the backends.
struct SubsetRule: Sendable {
    let name: String
    /// The backends of a client with their weights: the client's number, how many clients there are, all backends, the size of a
    /// subset.
    let subset: @Sendable (Int, Int, [Backend<Int>], Int) throws -> [Backend<Int>]

    static let all: [SubsetRule] = [
        SubsetRule(name: apertureName) { client, clients, backends, size in
            try DeterministicAperture(client: client, of: clients, minimumSize: size).subset(of: backends)
        },
        SubsetRule(name: rendezvousName) { client, _, backends, size in
            RendezvousSubset(size: size, salt: mixed(UInt64(client))).subset(of: backends)
        },
        // Each process draws a sample of what it is told, as most programs do; it draws again when the set changes.
        SubsetRule(name: "random") { client, _, backends, size in
            var generator = SeededGenerator(seed: mixed(UInt64(client) << 32 | UInt64(backends.count)))
            return Array(backends.shuffled(using: &generator).prefix(size))
        },
        // Site Reliability Engineering (2016), chapter 20: clients of one round share one shuffled list, in pieces.
        SubsetRule(name: "rounds of shuffles") { client, _, backends, size in
            let pieces = max(backends.count / size, 1)
            var generator = SeededGenerator(seed: mixed(UInt64(client / pieces)))
            let shuffled = backends.shuffled(using: &generator)
            return Array(shuffled.dropFirst(client % pieces * size).prefix(size))
        },
    ]

    static let apertureName = "deterministic aperture"
    static let rendezvousName = "rendezvous (A68)"
}
