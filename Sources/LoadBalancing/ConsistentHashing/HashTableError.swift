/// Why no ring or table could be built of a set of backends.
public struct HashTableError: Error, Hashable, Sendable {
    /// What is wrong with the set.
    public enum Reason: Hashable, Sendable {
        /// Two backends have the same name.
        case duplicateName
        /// The construction hashes the same text for this backend as for the one of the name given.
        case sameText(as: String)
        /// A weight is negative or above the largest one.
        case weightOutOfRange(Int, maximum: Int)
        /// The construction cannot read the name; the text says what it expects.
        case unreadableName(expected: String)
        /// The set has more backends than a table can tell apart.
        case tooManyBackends(Int, maximum: Int)
        /// The weights ask for more points than a ring may have.
        case tooManyPoints(maximum: Int)
    }

    /// What is wrong.
    public let reason: Reason
    /// The name of the backend at fault; `nil` when it is the set as a whole.
    public let name: String?

    init(_ reason: Reason, name: String?) {
        self.reason = reason
        self.name = name
    }

    /// The largest weight: 2³¹.
    public static let maximumWeight = 1 << 31

    /// Checks names and weights, whatever is built of them.
    static func check(_ backends: some Collection<WeightedName>, maximumCount: Int) throws(HashTableError) {
        guard backends.count <= maximumCount else {
            throw HashTableError(.tooManyBackends(backends.count, maximum: maximumCount), name: nil)
        }
        var seen = Set<String>(minimumCapacity: backends.count)
        for backend in backends {
            guard seen.insert(backend.name).inserted else { throw HashTableError(.duplicateName, name: backend.name) }
            guard 0...maximumWeight ~= backend.weight else {
                throw HashTableError(.weightOutOfRange(backend.weight, maximum: maximumWeight), name: backend.name)
            }
        }
    }
}

extension HashTableError: CustomStringConvertible {
    /// The reason in words, with what to do about it.
    public var description: String {
        text(on: name.map { "backend \"\($0)\"" } ?? "the set")
    }

    /// The reason in words, as a sentence on what is at fault.
    func text(on name: String) -> String {
        switch reason {
        case .duplicateName: "\(name) stands twice in the set; give every backend a name of its own"
        case .sameText(let other):
            "\(name) and \"\(other)\" are one and the same to this dialect; keep one of them or change its name"
        case .weightOutOfRange(let weight, let maximum):
            "\(name) has weight \(weight); weights go from 0 to \(maximum)"
        case .unreadableName(let expected): "\(name) has a name this dialect cannot read; it expects \(expected)"
        case .tooManyBackends(let count, let maximum): "\(name) has \(count) backends; at most \(maximum) are possible"
        case .tooManyPoints(let maximum):
            "the ring would have more than \(maximum) points; divide all weights by a common factor"
        }
    }
}
