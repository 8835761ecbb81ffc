/// What a slot carries for its backend.
@usableFromInline
final class Member<Endpoint: Sendable>: LatencyKeeper, @unchecked Sendable {
    let id: String
    let endpoint: Endpoint

    init(id: String, endpoint: Endpoint) {
        self.id = id
        self.endpoint = endpoint
    }

    /// The member that a slot was made for.
    ///
    /// Invariant: a balancer's registry holds members of the balancer's own endpoint type and nothing else, and a lease
    /// of that type is made from its slots only.
    static func of(_ slot: Slot) -> Member<Endpoint> {
        unsafe unsafeDowncast(slot.payload, to: Member<Endpoint>.self)
    }

    /// Whether two objects stand for one backend: its identity with another endpoint is another backend.
    ///
    /// Endpoints are compared by `==` or, if they are objects, by identity; if they can be compared in neither way, they
    /// are taken as the same.
    static func isSame(_ old: AnyObject, _ new: AnyObject) -> Bool {
        guard let old = old as? Member<Endpoint>, let new = new as? Member<Endpoint> else { return false }
        if let endpoint = old.endpoint as? any Equatable { return isEqual(endpoint, new.endpoint) }
        return isSameObject(old.endpoint, new.endpoint)
    }

    /// Asks for the types of the values, which `Endpoint` does not tell when it is an existential.
    private static func isSameObject(_ old: Any, _ new: Any) -> Bool {
        guard type(of: old) == type(of: new) else { return false }
        return type(of: old) is AnyClass ? (old as AnyObject) === (new as AnyObject) : true
    }

    private static func isEqual<Value: Equatable>(_ old: Value, _ new: Endpoint) -> Bool {
        (new as? Value) == old
    }
}
