/// Why a configuration was refused; the one in force stays in force.
public struct ForwardingConfigurationError: Error, Hashable, Sendable {
    /// What is wrong.
    public enum Problem: Hashable, Sendable {
        /// Another one has the same name, or takes the same packets.
        case duplicate(of: String)
        /// There is no interface of the name.
        case unknownInterface(String)
        /// The value is outside of a range.
        case outOfRange(value: String, range: String)
        /// An address is of another IP version than it has to be.
        case wrongVersion(address: String, other: String)
        /// Something that the mode needs is missing.
        case missing(String)
        /// The setting means nothing where it stands.
        case unsuitable(String)
        /// A running forwarder has no room for so many; those that were removed and still have flows count too.
        case outgrown(count: Int, capacity: Int)
    }

    /// The service at fault; `nil` for what belongs to none.
    public let service: String?
    /// The setting at fault, as it is called in a file.
    public let field: String
    /// What is wrong with it.
    public let problem: Problem

    init(_ problem: Problem, field: String, service: String? = nil) {
        self.problem = problem
        self.field = field
        self.service = service
    }
}

extension ForwardingConfigurationError: CustomStringConvertible {
    /// Where it is, what is wrong, and what to do.
    public var description: String {
        let place = service.map { "service \"\($0)\", \(field): " } ?? "\(field): "
        let reason =
            switch problem {
            case .duplicate(let other): "the same as \(other); give each its own"
            case .unknownInterface(let name): "there is no interface \"\(name)\"; name one of `interfaces`"
            case .outOfRange(let value, let range): "\(value) is out of range; use \(range)"
            case .wrongVersion(let address, let other): "\(address) is not of the version of \(other); use one that is"
            case .missing(let need): "missing; \(need)"
            case .unsuitable(let reason): reason
            case .outgrown(let count, let capacity):
                "\(count) are more than the \(capacity) that the forwarder has room for, with those that were removed and still "
                    + "have flows; wait until these have ended, have fewer, or begin anew with a larger capacity"
            }
        return place + reason
    }
}

/// What a configuration may mean, and yet is likely not to: to be shown to whoever wrote it.
public struct ForwardingConfigurationWarning: Hashable, Sendable, CustomStringConvertible {
    /// The service; `nil` for what belongs to none.
    public let service: String?
    /// The setting, as it is called in a file.
    public let field: String
    /// What happens, and what to do about it.
    public let text: String

    /// Where it is, what happens, and what to do about it.
    public var description: String {
        (service.map { "service \"\($0)\", \(field): " } ?? "\(field): ") + text
    }
}
