/// Picks of this package set against those of a program.
struct Comparison {
    /// How many picks were recomputed.
    private(set) var picks = 0
    private(set) var mismatchCount = 0
    /// The first mismatches.
    private(set) var mismatches: [Mismatch] = []

    /// Mismatches beyond these are only counted.
    static let shown = 5

    /// Sets one pick against another, or an answer that stands for several; `nil` is the pick of nobody.
    mutating func compare<Answer: Equatable>(
        _ name: String, key: @autoclosure () -> String, covering count: Int = 1, expected: Answer?, got: Answer?
    ) {
        picks += count
        guard expected != got else { return }
        mismatchCount += 1
        guard mismatches.count < Self.shown else { return }
        func text(_ answer: Answer?) -> String { answer.map { "\($0)" } ?? "none" }
        mismatches.append(Mismatch(case: name, key: key(), expected: text(expected), got: text(got)))
    }

    /// Adds another file's part, or another case's.
    mutating func add(_ other: Comparison) {
        picks += other.picks
        mismatchCount += other.mismatchCount
        mismatches += other.mismatches.prefix(Self.shown - mismatches.count)
    }
}

/// A pick that differs.
struct Mismatch: Codable, Equatable {
    let `case`: String
    /// The key, or what else was asked.
    let key: String
    let expected: String
    let got: String
}
