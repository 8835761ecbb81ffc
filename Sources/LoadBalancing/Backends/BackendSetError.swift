/// Why a set of backends was refused; the set in force stays in force.
public struct BackendSetError: Error, Hashable, Sendable {
    /// What is wrong with the set.
    public enum Reason: Hashable, Sendable {
        /// Two backends have the same identity.
        case duplicateIdentity
        /// A weight is negative or above 2³¹.
        case weightOutOfRange(Int)
        /// The set has more than 2³¹ backends.
        case tooManyBackends(Int)
    }

    /// What is wrong.
    public let reason: Reason
    /// The identity of the backend at fault; `nil` when it is the set's size.
    public let id: String?

    init(_ reason: Reason, id: String?) {
        self.reason = reason
        self.id = id
    }

    /// The largest weight: 2³¹.
    public static let maximumWeight = 1 << 31

    /// Checks a set given by identities and weights.
    static func check(_ members: some Collection<(id: String, weight: Int)>) throws(BackendSetError) {
        guard members.count <= 1 << 31 else { throw BackendSetError(.tooManyBackends(members.count), id: nil) }
        var seen = Set<String>(minimumCapacity: members.count)
        for member in members {
            guard seen.insert(member.id).inserted else { throw BackendSetError(.duplicateIdentity, id: member.id) }
            guard 0...maximumWeight ~= member.weight else {
                throw BackendSetError(.weightOutOfRange(member.weight), id: member.id)
            }
        }
    }
}

extension BackendSetError: CustomStringConvertible {
    /// The reason in words, with what to do about it.
    public var description: String {
        let name = id.map { "backend \"\($0)\"" } ?? "the set"
        return switch reason {
        case .duplicateIdentity: "\(name) stands twice in the set; give every backend an id of its own"
        case .weightOutOfRange(let weight): "\(name) has weight \(weight); weights go from 0 to 2147483648"
        case .tooManyBackends(let count): "\(name) has \(count) backends; at most 2147483648 are possible"
        }
    }
}
