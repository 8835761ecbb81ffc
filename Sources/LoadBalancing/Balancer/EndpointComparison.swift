/// Whether two endpoints are the same, whatever they are.
///
/// A backend that was given another address must get the work there, whether or not the address can be compared. Values
/// are compared by `==` if their type has it, objects by identity. Structs, tuples and enums without `==` are the same
/// if their fields are, compared in this way; what has no fields to look at, such as a closure, if it is the same to
/// the last bit. What cannot be shown to be the same is taken as different.
enum EndpointComparison {
    static func areEqual<Value>(_ one: Value, _ other: Value) -> Bool {
        areEqualOfAnyType(one, other)
    }

    /// Asks for the types of the values, which `Endpoint` does not tell when it is an existential.
    private static func areEqualOfAnyType(_ one: Any, _ other: Any) -> Bool {
        if let one = one as? any Equatable { return isEqual(one, other) }
        guard type(of: one) == type(of: other) else { return false }
        if type(of: one) is AnyClass { return (one as AnyObject) === (other as AnyObject) }
        return haveSameBits(one, other) || haveEqualFields(one, other)
    }

    private static func isEqual<Value: Equatable>(_ one: Value, _ other: Any) -> Bool {
        (other as? Value) == one
    }

    private static func haveSameBits<Value>(_ one: Value, _ other: Any) -> Bool {
        guard let other = other as? Value else { return false }
        return unsafe withUnsafeBytes(of: one) { one in
            unsafe withUnsafeBytes(of: other) { unsafe one.elementsEqual($0) }
        }
    }

    /// A type that says itself what its fields are may leave some out, so those do not count.
    private static func haveEqualFields(_ one: Any, _ other: Any) -> Bool {
        guard !(one is any CustomReflectable) else { return false }
        let (one, other) = (Swift.Mirror(reflecting: one), Swift.Mirror(reflecting: other))
        guard one.children.count == other.children.count, !one.children.isEmpty else { return false }
        return zip(one.children, other.children).allSatisfy { one, other in
            one.label == other.label && areEqualOfAnyType(one.value, other.value)
        }
    }
}
