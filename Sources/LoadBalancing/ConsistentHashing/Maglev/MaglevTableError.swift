/// Why no ``MaglevTable`` was made.
public struct MaglevTableError: Error, Hashable, Sendable {
    /// What is wrong.
    public enum Reason: Hashable, Sendable {
        /// Two backends have the same name.
        case duplicateName
        /// A weight is negative or above 2³¹.
        case weightOutOfRange(Int)
        /// More backends have a weight than the table has slots.
        case moreBackendsThanSlots(backends: Int, slots: Int)
        /// The size is not a prime number; `next` is the next larger one.
        case sizeNotPrime(Int, next: Int)
        /// The size is below 2 or above the dialect's largest.
        case sizeOutOfRange(Int, maximum: Int)
        /// Some backend comes to no free slot: Katran's loop, which the dialect asks for, would not end.
        case neverFilled(slots: Int)
        /// The dialect places backends by their names, but hashes were given.
        case dialectTakesNoHashes
        /// There are not as many hashes as backends.
        case hashesMissing(given: Int, backends: Int)
        /// There are not as many second owners as slots.
        case secondOwnersMissing(given: Int, slots: Int)
        /// A slot's owner, or its second one, is no backend that has a weight.
        case ownerOutOfRange(slot: Int, owner: Int)
    }

    /// What is wrong.
    public let reason: Reason
    /// The name of the backend at fault; `nil` when it is the table.
    public let name: String?

    init(_ reason: Reason, name: String? = nil) {
        self.reason = reason
        self.name = name
    }

    /// The largest size: the last prime number below 2²⁷.
    public static let maximumSize = 134_217_689
}

extension MaglevTableError: CustomStringConvertible {
    /// The reason in words, with what to do about it.
    public var description: String {
        let backend = name.map { "backend \"\($0)\"" } ?? "the table"
        return switch reason {
        case .duplicateName: "\(backend) stands twice in the set; give every backend a name of its own"
        case .weightOutOfRange(let weight): "\(backend) has weight \(weight); weights go from 0 to 2147483648"
        case .moreBackendsThanSlots(let backends, let slots):
            "\(backend) has \(slots) slots for \(backends) backends; give it 655 for each"
        case .sizeNotPrime(let size, let next): "\(backend) cannot have \(size) slots, which is not prime; take \(next)"
        case .sizeOutOfRange(let size, let maximum): "\(backend) cannot have \(size) slots; it can have 2 to \(maximum)"
        case .neverFilled(let slots):
            "\(backend) cannot have \(slots) slots with these backends, some of which come to no free slot; take another size"
        case .dialectTakesNoHashes: "\(backend)'s dialect places backends by their names; give no hashes"
        case .hashesMissing(let given, let backends):
            "\(backend) has \(given) hashes for \(backends) backends; give each backend one"
        case .secondOwnersMissing(let given, let slots):
            "\(backend) has \(given) second owners for \(slots) slots; give each slot one"
        case .ownerOutOfRange(let slot, let owner):
            "slot \(slot) of \(backend) belongs to \(owner), which is no backend with a weight; send the backends with the slots"
        }
    }
}
