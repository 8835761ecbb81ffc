/// Whether a backend is ejected, and how often it was in a row.
struct Ejection {
    /// How many times the base time the present or the last ejection lasts; 0 after enough clean intervals.
    private(set) var multiplier = 0
    /// Since when the backend is ejected; `nil` if it is not.
    private(set) var since: Timestamp?

    var isEjected: Bool { since != nil }

    /// Ejects the backend, for longer than the last time.
    mutating func begin(at time: Timestamp) {
        multiplier += 1
        since = time
    }

    /// Brings the backend back.
    mutating func end() {
        since = nil
    }

    /// One more interval is over: takes one off the multiplier, if the backend is not ejected.
    mutating func decay() {
        if since == nil, multiplier > 0 { multiplier -= 1 }
    }

    /// Whether the time of the ejection is over.
    func isOver(at time: Timestamp, by rules: OutlierDetection) -> Bool {
        guard let since else { return false }
        return time > since.advanced(by: rules.ejectionTime(multiplier: multiplier))
    }
}
