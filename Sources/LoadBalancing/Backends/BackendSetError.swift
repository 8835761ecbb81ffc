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
        /// The policy cannot work with the set; the text says why, and what to do.
        case unsuitable(String)
    }

    /// What is wrong.
    public let reason: Reason
    /// The identity of the backend at fault; `nil` when it is the set's size.
    public let id: String?

    /// Creates an error; policies do in ``Policy/check(_:)``.
    public init(_ reason: Reason, id: String? = nil) {
        self.reason = reason
        self.id = id
    }

    /// The largest weight: 2³¹.
    public static let maximumWeight = 1 << 31

    /// Checks that names are distinct and weights in range.
    static func check(_ backends: [WeightedName]) throws(BackendSetError) {
        guard backends.count <= 1 << 31 else { throw BackendSetError(.tooManyBackends(backends.count)) }
        var seen = Set<String>(minimumCapacity: backends.count)
        for backend in backends {
            guard seen.insert(backend.name).inserted else {
                throw BackendSetError(.duplicateIdentity, id: backend.name)
            }
            guard 0...maximumWeight ~= backend.weight else {
                throw BackendSetError(.weightOutOfRange(backend.weight), id: backend.name)
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
        case .unsuitable(let text): "\(name) does not suit the policy: \(text)"
        }
    }
}
