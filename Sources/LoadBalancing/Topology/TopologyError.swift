/// Why a description of places, routes or sites was refused.
public struct TopologyError: Error, Hashable, Sendable {
    /// What is wrong.
    public enum Reason: Hashable, Sendable {
        /// Falling back from one to the next comes back to where it began; the names in order.
        case cycle([String])
        /// A name is referred to that nothing has.
        case unknownName(String)
        /// Two things have the same name.
        case duplicateName(String)
        /// There has to be at least one of something.
        case empty(String)
        /// A value is out of range or malformed; the text says which, and what to do.
        case invalid(String)
    }

    /// What is wrong.
    public let reason: Reason

    /// Creates an error.
    public init(_ reason: Reason) {
        self.reason = reason
    }
}

extension TopologyError: CustomStringConvertible {
    /// The reason in words, with what to do about it.
    public var description: String {
        switch reason {
        case .cycle(let names): "falling back goes in a circle: \(names.joined(separator: " → ")); take one step out"
        case .unknownName(let name): "there is no \"\(name)\"; define it or correct the name"
        case .duplicateName(let name): "\"\(name)\" stands twice; give each a name of its own"
        case .empty(let what): "there is no \(what); give at least one"
        case .invalid(let text): text
        }
    }
}
