/// How many picks may be trials of suspended backends, and whose turn it is where these are too few.
///
/// A trial is due by time, so where picks are seldom each of them would be one, and a dead backend would get more work than its
/// share. With as many picks as there mostly are between two trials nothing here has a say.
@frozen
@usableFromInline
struct TrialTurns: Sendable {
    /// Picks since the last trial, up to ``picksPerTrial``.
    @usableFromInline var picks: UInt32 = 16
    /// The backend that was tried last.
    @usableFromInline var last = -1
    /// Backends before this one wait for those behind it: 0 as long as nobody had to wait.
    @usableFromInline var first = 0
    /// The first backend in this pick whose trial is due and was not sent.
    @usableFromInline var passedOver = -1

    /// At most one pick in so many is a trial.
    static var picksPerTrial: UInt32 { 16 }

    @usableFromInline
    init() {}

    /// Whether there were enough picks since the last trial.
    var isAllowed: Bool { picks >= Self.picksPerTrial }

    /// Whether a backend whose trial is due is to be tried at once; if not, it is noted.
    mutating func isTurn(of index: Int) -> Bool {
        if isAllowed, index >= first { return true }
        if passedOver < 0 { passedOver = index }
        // The next trial is somebody else's, if anybody else's is due.
        if !isAllowed { first = last &+ 1 }
        return false
    }

    /// Who was passed over; forgotten now.
    mutating func takePassedOver() -> Int {
        defer { passedOver = -1 }
        return passedOver
    }

    /// Counts a pick that was no trial.
    @inline(__always)
    mutating func picked() {
        picks &+= picks < Self.picksPerTrial ? 1 : 0
    }

    /// Notes a trial.
    mutating func tried(_ index: Int) {
        (picks, last, first, passedOver) = (0, index, 0, -1)
    }
}
