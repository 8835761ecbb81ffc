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
    static func isSame(_ old: AnyObject, _ new: AnyObject) -> Bool {
        guard let old = old as? Member<Endpoint>, let new = new as? Member<Endpoint> else { return false }
        return EndpointComparison.areEqual(old.endpoint, new.endpoint)
    }
}
