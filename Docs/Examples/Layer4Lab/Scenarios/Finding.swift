/// Something that was to be seen, and whether it was.
struct Finding: Hashable, Sendable, Codable {
    /// What was to be seen.
    let claim: String
    let holds: Bool
    /// What was seen.
    let seen: String

    init(_ claim: String, _ holds: Bool, _ seen: String = "") {
        self.claim = claim
        self.holds = holds
        self.seen = seen
    }

    /// That `body` fails in no way.
    static func succeeds(_ claim: String, _ body: () throws -> String) -> Finding {
        do {
            return Finding(claim, true, try body())
        } catch {
            return Finding(claim, false, "\(error)")
        }
    }
}
