import LoadBalancing

/// All constructions, in the order of the table.
enum Constructions {
    static var all: [any Construction] { rings + maglevs + others }

    private static var rings: [any Construction] {
        [
            RingConstruction(name: "ring, standard", dialect: .standard, bits: 64),
            RingConstruction(name: "ring, libketama", dialect: .libketama, bits: 32),
            RingConstruction(name: "ring, Envoy", dialect: .envoy(), bits: 64, rebuildsOnFailure: true),
        ]
    }

    private static var maglevs: [any Construction] {
        [
            MaglevConstruction(name: "Maglev, Envoy", dialect: { .envoy(size: $0 ?? 65_537) }, rebuildsOnFailure: true),
            MaglevConstruction(
                name: "Maglev, rebuilt", dialect: { .standard(size: $0) }, rebuildsOnFailure: true,
                growsWithWeights: true),
            MaglevConstruction(
                name: MaglevConstruction.repairedName, dialect: { .standard(size: $0) }, isRepaired: true,
                growsWithWeights: true),
        ]
    }

    private static var others: [any Construction] {
        [
            TableConstruction(name: "rendezvous", isLinear: true) { try Rendezvous($0) },
            TableConstruction(name: "jump", shrinksAtTheEnd: true) { try JumpHash($0) },
            TableConstruction(name: "multi-probe") { try MultiProbeHash($0) },
            TableConstruction(name: "Memento", make: { try MementoHash($0) }, change: { try $0.updated(for: $1) }),
            TableConstruction(name: "key modulo weights") { try StaticHash($0) },
        ]
    }
}
