/// A place in a cycle of turns, between turns too: what a picker takes along when its cycle becomes longer or shorter.
///
/// A place rounded to a whole turn would lose a part of a turn with every update, always the same backend's where
/// updates alternate between two sets.
struct CyclePlace {
    /// The turn that comes next.
    let turn: Int
    /// What of that turn has passed, in units of 2⁻⁶⁴.
    let fraction: UInt64

    /// The place with the part `phase` · 2⁻⁶⁴ of a cycle behind it, which has from 1 to 2³² turns.
    init(phase: UInt64, of count: Int) {
        let place = phase.multipliedFullWidth(by: UInt64(count))
        turn = Int(truncatingIfNeeded: place.high)
        fraction = place.low
    }

    init(turn: Int, fraction: UInt64) {
        self.turn = turn
        self.fraction = fraction
    }

    /// The part of a cycle of `count` turns that lies before this place, in units of 2⁻⁶⁴.
    ///
    /// Behind the last turn comes the first. Rounded up, so that the same number of turns, or a multiple, gives the
    /// same place again.
    func phase(of count: Int) -> UInt64 {
        let passed = UInt128(turn < count ? turn : 0) << 64 | UInt128(fraction)
        return UInt64(truncatingIfNeeded: (passed + UInt128(count - 1)) / UInt128(count))
    }
}
