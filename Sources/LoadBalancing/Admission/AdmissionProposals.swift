/// What each source proposes for one backend, and what follows from all of it.
///
/// - **Gate**: the strictest that anybody proposes; open, saturated, draining, down, in this order. Nothing overrides it.
/// - **Fraction**: what was set by hand, times the smallest that the rules propose. What is set by hand says what the
///   backend can do at its best, as its weight does, so it multiplies (as HAProxy's and Envoy's weights do in slow start). The
///   rules each estimate from another side how much of that it can do now, so the smallest holds: a product would count the
///   same trouble twice, since a cold backend is slow, and a slow one fails.
/// - **Panic** (``Resilience/panicThreshold``): the rules' fractions are ignored, gates and what was set by hand are not.
public struct AdmissionProposals: Hashable, Sendable {
    private var words = SIMD8<UInt32>(repeating: Admission.one)

    /// Nobody has anything to say.
    public init() {}

    /// What a source proposes; ``Admission/full`` if it has nothing to say.
    public subscript(source: AdmissionSource) -> Admission {
        get { Admission(word: words[source.lane]) }
        set { words[source.lane] = newValue.word }
    }

    /// The sources that propose less than the whole share, or a shut gate.
    public var objections: [AdmissionSource] {
        AdmissionSource.allCases.filter { self[$0] != .full }
    }

    /// What follows from all proposals.
    ///
    /// - Parameter isPanicking: whether the fractions of the rules are ignored.
    /// - Returns: the gate and the fraction in force.
    public func composed(isPanicking: Bool = false) -> Admission {
        guard words != SIMD8(repeating: Admission.one) else { return .full }
        var smallest = Admission.one
        if !isPanicking {
            for source in AdmissionSource.allCases where source != .manual {
                smallest = min(smallest, self[source].steps)
            }
        }
        let manual = self[.manual].steps
        // Nothing positive becomes nothing.
        let product = max((UInt64(manual) * UInt64(smallest)) >> 16, UInt64(min(manual, smallest, 1)))
        return Admission(word: UInt32(gate.rawValue) << 24 | UInt32(truncatingIfNeeded: product))
    }

    /// The strictest gate proposed.
    var gate: Gate {
        AdmissionSource.allCases.reduce(.open) { Gate.stricter($0, self[$1].gate) }
    }

    /// Whether a rule takes the backend for one that cannot work: what panic counts.
    var isUnhealthy: Bool {
        self[.health].steps == 0 || self[.outlierEjection].steps == 0
    }
}

extension Gate {
    /// The gate that lets less through: a saturated backend opens by itself, a draining one may come back, one that is down is
    /// known not to work.
    static func stricter(_ one: Gate, _ other: Gate) -> Gate {
        one.strictness >= other.strictness ? one : other
    }

    private var strictness: Int {
        switch self {
        case .open: 0
        case .saturated: 1
        case .draining: 2
        case .down: 3
        }
    }
}
