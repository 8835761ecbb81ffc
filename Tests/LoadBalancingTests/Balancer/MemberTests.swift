import Testing

@testable import LoadBalancing

/// An address and a port: equal by value.
private struct Address: Equatable {
    var name: String
    var port: Int
}

/// An endpoint that cannot be compared.
private struct Dialler {
    var number: Int
}

/// An object that is compared by value.
private final class Named: Equatable, Sendable {
    let name: String

    init(_ name: String) {
        self.name = name
    }

    static func == (one: Named, other: Named) -> Bool { one.name == other.name }
}

private protocol Client: Sendable {}
private final class Connection: Client {}
private struct Plain: Client, Equatable {
    var number: Int
}

@Suite struct MemberTests {
    /// Whether a backend goes on when it is given again with another endpoint while it has work in flight; if it does not,
    /// the old one has to be draining and the new one has to be there from the start.
    private func goesOn<Endpoint: Sendable>(_ old: Endpoint, _ new: Endpoint) throws -> Bool {
        let balancer = try LoadBalancer(policy: .roundRobin, backends: [Backend(id: "a", endpoint: old)], seed: 1)
        let lease = try balancer.lease()
        try balancer.update([Backend(id: "a", endpoint: new)])
        let next = try balancer.lease()
        let snapshot = balancer.snapshot()
        let same = lease.slotID == next.slotID
        #expect(snapshot["a"]?.inFlight == (same ? 2 : 1))
        #expect(snapshot.draining == (same ? [] : [DrainingBackend(id: "a", inFlight: 1)]))
        next.finish()
        lease.finish()
        #expect(balancer.snapshot().inFlight == 0)
        #expect(balancer.snapshot().draining.isEmpty)
        return same
    }

    @Test func equatableEndpointsAreComparedByValue() throws {
        #expect(try goesOn(Address(name: "x", port: 1), Address(name: "x", port: 1)))
        #expect(try !goesOn(Address(name: "x", port: 1), Address(name: "x", port: 2)))
        #expect(try goesOn(Int?.none, nil))
        #expect(try !goesOn(Int?.none, 1))
        #expect(try goesOn(Named("x"), Named("x")))
        #expect(try !goesOn(Named("x"), Named("y")))
    }

    @Test func objectsAreComparedByIdentity() throws {
        let host = Host("x")
        #expect(try goesOn(host, host))
        #expect(try !goesOn(host, Host("x")))
    }

    @Test func existentialsAreComparedByWhatIsInThem() throws {
        let connection = Connection()
        #expect(try goesOn(connection as any Client, connection as any Client))
        #expect(try !goesOn(connection as any Client, Connection() as any Client))
        #expect(try goesOn(Plain(number: 1) as any Client, Plain(number: 1) as any Client))
        #expect(try !goesOn(Plain(number: 1) as any Client, Plain(number: 2) as any Client))
        #expect(try !goesOn(Plain(number: 1) as any Client, connection as any Client))
        #expect(try !goesOn(connection as any Client, Plain(number: 1) as any Client))
    }

    @Test func whatCannotBeComparedIsTheSame() throws {
        #expect(try goesOn(Dialler(number: 1), Dialler(number: 2)))
    }

    @Test func aLeaseReachesTheEndpointThatItWasGivenOn() throws {
        let balancer = try LoadBalancer(policy: .random, backends: [Backend(id: "a", endpoint: 1)], seed: 1)
        let old = try balancer.lease()
        try balancer.update([Backend(id: "a", endpoint: 2)])
        let new = try balancer.lease()
        #expect([old.endpoint, new.endpoint] == [1, 2])
        #expect([old.id, new.id] == ["a", "a"])
        try balancer.update([Backend(id: "a", endpoint: 1)])
        let again = try balancer.lease()
        #expect([old.endpoint, new.endpoint, again.endpoint] == [1, 2, 1])
        #expect(balancer.snapshot().draining.map(\.id) == ["a", "a"])
        #expect(balancer.snapshot()["a"]?.picks == 1)
        old.finish()
        new.finish()
        again.finish()
        #expect(balancer.snapshot().draining.isEmpty)
        #expect(balancer.snapshot()["a"]?.successes == 1)
    }
}
