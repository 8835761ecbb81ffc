/// A weighted order in bounded memory, for weights whose exact cycle would be huge.
///
/// The backends lie on a circle, each with an arc of its share, and every pick goes on by the golden ratio. Steps of that
/// size fall more evenly than any other: after N picks each backend was served its share of N to within
/// 3 + 3.53 · ln N picks for the first 317,811, and to within 3 + 4.25 · ln N for ever (Kuipers and Niederreiter, *Uniform
/// Distribution of Sequences*, 1974, theorem 2.3.4, for partial quotients of 1 and up to 3), and an arc of length p is met at
/// least once in every ⌈2.62 / p⌉ picks (three-gap theorem): the smallest weight is served, and regularly.
///
/// - Complexity: expected O(1) a pick; 16 bytes a backend.
@frozen
@usableFromInline
struct GoldenRotation: Sendable {
    /// The odd number nearest to 2⁶⁴ / φ for which no partial quotient of step / 2⁶⁴ is above 3. (Rounded to the nearest odd
    /// number, 2⁶⁴ / φ has one of 121 beyond the 2³²th pick, and arcs below 2⁻³² wait twelve times as long.)
    @usableFromInline static let step: UInt64 = 0x9E37_79B9_81A6_CCB9

    @usableFromInline let arcs: CumulativeWeights

    init(of pool: borrowing BackendPool) {
        arcs = CumulativeWeights(of: pool)
    }

    /// The backend that owns a point of the circle.
    @inlinable
    func backend(at point: UInt64) -> Int {
        arcs.backend(at: point.multipliedFullWidth(by: arcs.total).high)
    }
}
