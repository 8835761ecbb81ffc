import Testing

@testable import LoadBalancing

/// An address and a port: equal by value.
private struct Address: Equatable {
    var name: String
    var port: Int
}

/// Endpoints without `==`.
private struct Dialler {
    var address: String
    var port: Int
    var client: Host?
    var dial: @Sendable () -> Int = { 0 }
}

private enum Way: Sendable {
    case direct(Dialler)
    case proxied(Dialler)
    case nowhere
}

/// Shows others less than it has.
private struct Discreet: CustomReflectable {
    var address: Int
    var customMirror: Swift.Mirror { Swift.Mirror(self, children: ["nothing": 0]) }
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

    @Test func valuesWithoutEqualityAreComparedFieldByField() throws {
        // Longer than what a text has in place, and made anew each time.
        func dialler(_ host: Int, port: Int = 1, client: Host? = nil) -> Dialler {
            Dialler(address: "a long name of a server: 10.0.0.\(host)", port: port, client: client)
        }
        let client = Host("x")
        #expect(try goesOn(Discreet(address: 1), Discreet(address: 1)))
        #expect(try !goesOn(Discreet(address: 1), Discreet(address: 2)))
        #expect(try goesOn((1, "a"), (1, "a")))
        #expect(try !goesOn((1, "a"), (1, "b")))
        #expect(try goesOn((1, dialler(1).address), (1, dialler(1).address)))
        #expect(try !goesOn(dialler(1), dialler(99)))
        #expect(try !goesOn(dialler(1), dialler(1, port: 2)))
        #expect(try !goesOn(dialler(1), dialler(1, client: client)))
        #expect(try !goesOn(dialler(1, client: client), dialler(1, client: Host("x"))))
        #expect(try goesOn([1: (client, "a")][1], (client, "a")))
        #expect(try goesOn(Way.nowhere, .nowhere))
        #expect(try !goesOn(Way.nowhere, .direct(dialler(1))))
        #expect(try !goesOn(Way.direct(dialler(1)), .direct(dialler(2))))
    }

    @Test func aCopyOfAValueIsTheSame() throws {
        let dialler = Dialler(address: "a long name of a server: 10.0.0.1", port: 1, client: Host("x")) { 1 }
        #expect(try goesOn(dialler, dialler))
        #expect(try goesOn(Way.direct(dialler), .direct(dialler)))
        #expect(try !goesOn(Way.direct(dialler), .proxied(dialler)))
        #expect(try !goesOn([dialler], [dialler].map { $0 }), "an array that was made anew")
    }

    /// What cannot be shown to be the same is not: the address given last has to win.
    @Test func theNewEndpointIsHandedOut() throws {
        func pod(_ address: Int) -> Backend<@Sendable () -> Int> { Backend(id: "pod-0", endpoint: { address }) }
        let balancer = try LoadBalancer(policy: .random, backends: [pod(1)], seed: 1)
        for address in 2...4 {
            try balancer.update([pod(address)])
            #expect(try balancer.withBackend { $0.endpoint() } == address)
        }
    }

    /// An endpoint that cannot be compared stays with its backend when only a weight changes.
    @Test func newWeightsLeaveTheEndpointsAsTheyAre() throws {
        let number = 1
        let endpoint: @Sendable () -> Int = { number }
        let balancer = try LoadBalancer(policy: .random, backends: [Backend(id: "a", endpoint: endpoint)], seed: 1)
        let lease = try balancer.lease()
        try balancer.setWeights(["a": 5])
        #expect(balancer.snapshot()["a"]?.inFlight == 1)
        lease.finish()
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
