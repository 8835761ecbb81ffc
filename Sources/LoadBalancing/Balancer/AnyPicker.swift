/// A picker of a policy that is chosen while the program runs.
///
/// A closed switch over the policies of this package, each in a field of its own so that it is changed in place: cheaper
/// than an existential. Policies from elsewhere go through one.
public struct AnyPicker: Picker {
    @usableFromInline
    @frozen
    enum Kind: UInt8, Sendable {
        case roundRobin, smoothWeightedRoundRobin, uniformRandom, weightedRandom, powerOfTwoChoices, peakEWMA
        case leastConnections, leastResponseTime, adaptive, c3, prequal
        case staticHash, rendezvous, jumpHash, multiProbe, memento, ringHash, maglev, custom
    }

    @usableFromInline let kind: Kind
    @usableFromInline var roundRobin: RoundRobin?
    @usableFromInline var smoothWeightedRoundRobin: SmoothWeightedRoundRobin?
    @usableFromInline var uniformRandom: UniformRandom?
    @usableFromInline var weightedRandom: WeightedRandom?
    @usableFromInline var powerOfTwoChoices: PowerOfTwoChoices?
    @usableFromInline var peakEWMA: PeakEWMA?
    @usableFromInline var leastConnections: LeastConnections?
    @usableFromInline var leastResponseTime: LeastResponseTime?
    @usableFromInline var adaptive: Adaptive?
    @usableFromInline var c3: C3?
    @usableFromInline var prequal: Prequal?
    @usableFromInline var staticHash: ConsistentHashPicker<StaticHash>?
    @usableFromInline var rendezvous: ConsistentHashPicker<Rendezvous>?
    @usableFromInline var jumpHash: ConsistentHashPicker<JumpHash>?
    @usableFromInline var multiProbe: ConsistentHashPicker<MultiProbeHash>?
    @usableFromInline var memento: ConsistentHashPicker<MementoHash>?
    @usableFromInline var ringHash: ConsistentHashPicker<HashRing>?
    @usableFromInline var maglev: ConsistentHashPicker<MaglevTable>?
    @usableFromInline var custom: (any Picker)?

    init(_ picker: any Picker) {
        switch picker {
        case let picker as RoundRobin:
            kind = .roundRobin
            roundRobin = picker
        case let picker as SmoothWeightedRoundRobin:
            kind = .smoothWeightedRoundRobin
            smoothWeightedRoundRobin = picker
        case let picker as UniformRandom:
            kind = .uniformRandom
            uniformRandom = picker
        case let picker as WeightedRandom:
            kind = .weightedRandom
            weightedRandom = picker
        case let picker as PowerOfTwoChoices:
            kind = .powerOfTwoChoices
            powerOfTwoChoices = picker
        case let picker as PeakEWMA:
            kind = .peakEWMA
            peakEWMA = picker
        case let picker as LeastConnections:
            kind = .leastConnections
            leastConnections = picker
        case let picker as LeastResponseTime:
            kind = .leastResponseTime
            leastResponseTime = picker
        case let picker as Adaptive:
            kind = .adaptive
            adaptive = picker
        case let picker as C3:
            kind = .c3
            c3 = picker
        case let picker as Prequal:
            kind = .prequal
            prequal = picker
        case let picker as ConsistentHashPicker<StaticHash>:
            kind = .staticHash
            staticHash = picker
        case let picker as ConsistentHashPicker<Rendezvous>:
            kind = .rendezvous
            rendezvous = picker
        case let picker as ConsistentHashPicker<JumpHash>:
            kind = .jumpHash
            jumpHash = picker
        case let picker as ConsistentHashPicker<MultiProbeHash>:
            kind = .multiProbe
            multiProbe = picker
        case let picker as ConsistentHashPicker<MementoHash>:
            kind = .memento
            memento = picker
        case let picker as ConsistentHashPicker<HashRing>:
            kind = .ringHash
            ringHash = picker
        case let picker as ConsistentHashPicker<MaglevTable>:
            kind = .maglev
            maglev = picker
        default:
            kind = .custom
            custom = picker
        }
    }

    /// Chooses a backend.
    @inlinable
    public mutating func pick(_ request: PickRequest, from pool: borrowing BackendPool) -> Int? {
        // The balancer's index answers for least connections, whatever the picker: no need to look for it among the kinds.
        if kind == .leastConnections, let index = pool.leastLoaded(for: request) { return index }
        return pickByKind(request, from: pool)
    }

    @inlinable
    @inline(never)
    mutating func pickByKind(_ request: PickRequest, from pool: borrowing BackendPool) -> Int? {
        switch kind {
        case .roundRobin: roundRobin?.pick(request, from: pool) ?? nil
        case .smoothWeightedRoundRobin: smoothWeightedRoundRobin?.pick(request, from: pool) ?? nil
        case .uniformRandom: uniformRandom?.pick(request, from: pool) ?? nil
        case .weightedRandom: weightedRandom?.pick(request, from: pool) ?? nil
        case .powerOfTwoChoices: powerOfTwoChoices?.pick(request, from: pool) ?? nil
        case .peakEWMA: peakEWMA?.pick(request, from: pool) ?? nil
        case .leastConnections: leastConnections?.scan(pool, for: request) ?? nil
        case .leastResponseTime: leastResponseTime?.pick(request, from: pool) ?? nil
        case .adaptive: adaptive?.pick(request, from: pool) ?? nil
        case .c3: c3?.pick(request, from: pool) ?? nil
        case .prequal: prequal?.pick(request, from: pool) ?? nil
        case .staticHash: staticHash?.pick(request, from: pool) ?? nil
        case .rendezvous: rendezvous?.pick(request, from: pool) ?? nil
        case .jumpHash: jumpHash?.pick(request, from: pool) ?? nil
        case .multiProbe: multiProbe?.pick(request, from: pool) ?? nil
        case .memento: memento?.pick(request, from: pool) ?? nil
        case .ringHash: ringHash?.pick(request, from: pool) ?? nil
        case .maglev: maglev?.pick(request, from: pool) ?? nil
        case .custom: custom?.pick(request, from: pool) ?? nil
        }
    }

    /// The short way, where everybody is admitted.
    @inlinable
    public mutating func pickUnrestricted(_ request: PickRequest, from pool: borrowing BackendPool) -> Int? {
        switch kind {
        case .roundRobin: roundRobin?.pickUnrestricted(request, from: pool) ?? nil
        case .smoothWeightedRoundRobin: smoothWeightedRoundRobin?.pickUnrestricted(request, from: pool) ?? nil
        case .uniformRandom: uniformRandom?.pickUnrestricted(request, from: pool) ?? nil
        case .weightedRandom: weightedRandom?.pickUnrestricted(request, from: pool) ?? nil
        case .powerOfTwoChoices: powerOfTwoChoices?.pickUnrestricted(request, from: pool) ?? nil
        case .peakEWMA: peakEWMA?.pickUnrestricted(request, from: pool) ?? nil
        case .adaptive: adaptive?.pickUnrestricted(request, from: pool) ?? nil
        case .staticHash: staticHash?.pickUnrestricted(request, from: pool) ?? nil
        case .rendezvous: rendezvous?.pickUnrestricted(request, from: pool) ?? nil
        case .jumpHash: jumpHash?.pickUnrestricted(request, from: pool) ?? nil
        case .multiProbe: multiProbe?.pickUnrestricted(request, from: pool) ?? nil
        case .memento: memento?.pickUnrestricted(request, from: pool) ?? nil
        case .ringHash: ringHash?.pickUnrestricted(request, from: pool) ?? nil
        case .maglev: maglev?.pickUnrestricted(request, from: pool) ?? nil
        // They have no short way of their own; to go theirs at once saves being asked twice.
        case .leastResponseTime: leastResponseTime?.pick(request, from: pool) ?? nil
        case .c3: c3?.pick(request, from: pool) ?? nil
        case .prequal: prequal?.pick(request, from: pool) ?? nil
        case .leastConnections, .custom: nil
        }
    }

    /// The bound of the picker inside.
    @inlinable
    public var leaseLimit: Int? {
        // No policy of the closed set has one.
        kind == .custom ? customLeaseLimit : nil
    }

    @usableFromInline
    @inline(never)
    var customLeaseLimit: Int? { custom?.leaseLimit }

    /// Lets the picker inside go its own way.
    public mutating func diverge(_ seed: PickerSeed) {
        roundRobin?.diverge(seed)
        smoothWeightedRoundRobin?.diverge(seed)
        uniformRandom?.diverge(seed)
        weightedRandom?.diverge(seed)
        powerOfTwoChoices?.diverge(seed)
        peakEWMA?.diverge(seed)
        leastConnections?.diverge(seed)
        leastResponseTime?.diverge(seed)
        adaptive?.diverge(seed)
        c3?.diverge(seed)
        prequal?.diverge(seed)
        staticHash?.diverge(seed)
        rendezvous?.diverge(seed)
        jumpHash?.diverge(seed)
        multiProbe?.diverge(seed)
        memento?.diverge(seed)
        ringHash?.diverge(seed)
        maglev?.diverge(seed)
        custom?.diverge(seed)
    }

    /// Lets the picker inside go on where the old one was, if it is of the same kind.
    public mutating func resume(from old: borrowing AnyPicker) {
        if let old = old.roundRobin { roundRobin?.resume(from: old) }
        if let old = old.smoothWeightedRoundRobin { smoothWeightedRoundRobin?.resume(from: old) }
        if let old = old.adaptive { adaptive?.resume(from: old) }
        if let old = old.custom, let new = custom { custom = Self.resumed(new, from: old) }
    }

    /// The picker inside.
    var base: (any Picker)? {
        switch kind {
        case .roundRobin: roundRobin
        case .smoothWeightedRoundRobin: smoothWeightedRoundRobin
        case .uniformRandom: uniformRandom
        case .weightedRandom: weightedRandom
        case .powerOfTwoChoices: powerOfTwoChoices
        case .peakEWMA: peakEWMA
        case .leastConnections: leastConnections
        case .leastResponseTime: leastResponseTime
        case .adaptive: adaptive
        case .c3: c3
        case .prequal: prequal
        case .staticHash: staticHash
        case .rendezvous: rendezvous
        case .jumpHash: jumpHash
        case .multiProbe: multiProbe
        case .memento: memento
        case .ringHash: ringHash
        case .maglev: maglev
        case .custom: custom
        }
    }

    private static func resumed<P: Picker>(_ new: P, from old: any Picker) -> any Picker {
        guard let old = old as? P else { return new }
        var new = new
        new.resume(from: old)
        return new
    }
}
