import LoadBalancing

/// One client of many, and a thousand backends.
enum LargeFleet {
    /// Clients that know their number: everybody is used exactly alike.
    static func numbered(client: Int, of clients: Int, fleet: [Backend<String>]) throws -> LoadBalancer<String> {
        let aperture = try DeterministicAperture(client: client, of: clients)
        let balancer = try LoadBalancer(policy: .powerOfTwoChoices, backends: aperture.subset(of: fleet))
        return balancer
    }

    /// Clients that know nothing of each other.
    static func anonymous(salt: UInt64, fleet: [Backend<String>]) -> [Backend<String>] {
        let few = RendezvousSubset(size: 20, salt: salt).subset(of: fleet)
        return few
    }
}
