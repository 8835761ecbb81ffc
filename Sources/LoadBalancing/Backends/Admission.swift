/// Whether a backend may be chosen at all; nothing overrides a shut gate.
@frozen
public enum Gate: UInt8, Hashable, Sendable, CaseIterable {
    /// New work may come.
    case open
    /// The backend finishes what it has and gets nothing new.
    case draining
    /// The backend has all it can take for now.
    case saturated
    /// The backend is known not to work.
    case down
}

/// Whether, and how much of its share, a backend gets: a gate and a fraction.
@frozen
public struct Admission: Hashable, Sendable {
    /// Bits 0 … 16: the fraction in units of 2⁻¹⁶; bits 24 and 25: the gate; bit 26: ``fullBit``, in a generation's words only.
    @usableFromInline let word: UInt32

    @usableFromInline static let one: UInt32 = 1 << 16
    @usableFromInline static let fractionMask: UInt32 = 1 << 17 - 1
    /// Set beside the gate while a backend has as many leases as it may have: ``Generation`` sets and takes it back.
    static let fullBit: UInt32 = 1 << 26

    /// An admission; the fraction is clamped to 0 … 1 (NaN counts as 0) and kept to a precision of 2⁻¹⁶, where a positive
    /// one stays positive.
    public init(gate: Gate = .open, fraction: Double = 1) {
        let clamped = fraction.clamped(to: 0...1)
        let steps = UInt32((clamped * Double(Self.one)).rounded())
        word = UInt32(gate.rawValue) << 24 | (clamped > 0 ? max(steps, 1) : 0)
    }

    @inlinable
    init(word: UInt32) {
        self.word = word
    }

    /// Open, with the whole share: the state of a backend that nothing speaks against.
    @inlinable
    public static var full: Admission { Admission(word: one) }

    /// Whether new work may come at all.
    @inlinable
    public var gate: Gate {
        let gate = Gate(rawValue: UInt8(truncatingIfNeeded: word >> 24) & 3) ?? .down
        return word >> 26 != 0 && gate == .open ? .saturated : gate
    }

    /// The same without ``fullBit``: as a gate.
    var settled: Admission { Admission(gate: gate, fraction: fraction) }

    /// The part of its share that the backend gets: slow start, health and ejection move it.
    public var fraction: Double { Double(steps) / Double(Self.one) }

    /// The fraction in units of 2⁻¹⁶.
    @inlinable
    var steps: UInt32 { word & Self.fractionMask }

    /// Open, and not with a share of nothing.
    @inlinable
    var isOpen: Bool { word >> 24 == 0 && steps > 0 }
}
