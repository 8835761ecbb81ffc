import LoadBalancing

/// All constructions, in the order of the table.
enum Constructions {
    static var all: [any Construction] {
        [
            RingConstruction(name: "ring, standard", dialect: .standard, bits: 64),
            RingConstruction(name: "ring, libketama", dialect: .libketama, bits: 32),
            RingConstruction(name: "ring, Envoy", dialect: .envoy(), bits: 64, rebuildsOnFailure: true),
            MaglevConstruction(name: "Maglev, Envoy", dialect: .envoy(), rebuildsOnFailure: true),
            MaglevConstruction(name: "Maglev, rebuilt", dialect: .standard(), rebuildsOnFailure: true),
        ]
    }
}
