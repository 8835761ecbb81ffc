/// All that an engine is told: the links it is on, and the services that it forwards.
///
/// It decodes from JSON with the names of its properties; ``check()`` says whether it makes sense.
public struct ForwardingConfiguration: Hashable, Sendable, Codable {
    /// The interfaces that frames come in on and go out of; frames name them by their position here.
    public var interfaces: [InterfaceConfiguration]
    /// The stations of the links whose addresses are known.
    public var neighbours: [NeighbourConfiguration]
    /// The ways to what is on no link.
    public var routes: [RouteConfiguration]
    /// The sources of outer headers.
    public var tunnelSource: TunnelSource
    /// What is bounded for all services together.
    public var limits: ForwardingLimits
    /// The balancers that serve the same addresses.
    public var fleet: FleetConfiguration
    /// What is forwarded.
    public var services: [ServiceConfiguration]

    /// A configuration of its parts.
    public init(
        interfaces: [InterfaceConfiguration], neighbours: [NeighbourConfiguration] = [],
        routes: [RouteConfiguration] = [], tunnelSource: TunnelSource = TunnelSource(),
        limits: ForwardingLimits = ForwardingLimits(), fleet: FleetConfiguration = FleetConfiguration(),
        services: [ServiceConfiguration]
    ) {
        self.interfaces = interfaces
        self.neighbours = neighbours
        self.routes = routes
        self.tunnelSource = tunnelSource
        self.limits = limits
        self.fleet = fleet
        self.services = services
    }

    /// Reads a configuration; all but interfaces and services may be left out.
    public init(from decoder: any Decoder) throws {
        let values = try decoder.container(keyedBy: CodingKeys.self)
        self.init(
            interfaces: try values.decode([InterfaceConfiguration].self, forKey: .interfaces),
            neighbours: try values.decodeIfPresent([NeighbourConfiguration].self, forKey: .neighbours) ?? [],
            routes: try values.decodeIfPresent([RouteConfiguration].self, forKey: .routes) ?? [],
            tunnelSource: try values.decodeIfPresent(TunnelSource.self, forKey: .tunnelSource) ?? TunnelSource(),
            limits: try values.decodeIfPresent(ForwardingLimits.self, forKey: .limits) ?? ForwardingLimits(),
            fleet: try values.decodeIfPresent(FleetConfiguration.self, forKey: .fleet) ?? FleetConfiguration(),
            services: try values.decode([ServiceConfiguration].self, forKey: .services))
    }
}

/// What is bounded for all services together; each service may have less.
public struct ForwardingLimits: Hashable, Sendable, Codable {
    /// The most flows at a time.
    public var flows: Int
    /// The most TCP flows that have not been established; `nil` for as many as there are flows.
    public var halfOpen: Int?
    /// The most TCP flows that began in their middle; `nil` for as many as there are flows.
    public var adopted: Int?
    /// ICMP errors and resets of the engine's own a second, and at once after a pause.
    public var answersPerSecond: Int
    /// Full NAT: seconds that a source port rests after its flow has ended, for as many as are remembered: one for 32 flows.
    ///
    /// A closed connection's flow ends after ``TimeoutConfiguration/tcpClosing``; backends may know it for longer.
    public var sourcePortRest: Double

    /// Limits; a million flows, a thousand answers a second and no rest of ports unless you say otherwise.
    public init(
        flows: Int = 1 << 20, halfOpen: Int? = nil, adopted: Int? = nil, answersPerSecond: Int = 1_000,
        sourcePortRest: Double = 0
    ) {
        self.flows = flows
        self.halfOpen = halfOpen
        self.adopted = adopted
        self.answersPerSecond = answersPerSecond
        self.sourcePortRest = sourcePortRest
    }

    /// Reads limits; each may be left out.
    public init(from decoder: any Decoder) throws {
        let values = try decoder.container(keyedBy: CodingKeys.self)
        let standard = ForwardingLimits()
        self.init(
            flows: try values.decodeIfPresent(Int.self, forKey: .flows) ?? standard.flows,
            halfOpen: try values.decodeIfPresent(Int.self, forKey: .halfOpen),
            adopted: try values.decodeIfPresent(Int.self, forKey: .adopted),
            answersPerSecond: try values.decodeIfPresent(Int.self, forKey: .answersPerSecond)
                ?? standard.answersPerSecond,
            sourcePortRest: try values.decodeIfPresent(Double.self, forKey: .sourcePortRest)
                ?? standard.sourcePortRest)
    }
}

/// The balancers that serve the same addresses, such as those behind a router with several equal paths (ECMP).
public struct FleetConfiguration: Hashable, Sendable, Codable {
    /// How many there are.
    public var balancers: Int
    /// What the tables of all of them are made from, so that they choose alike.
    public var seed: UInt64

    /// A fleet; one balancer unless you say otherwise.
    public init(balancers: Int = 1, seed: UInt64 = 0) {
        self.balancers = balancers
        self.seed = seed
    }

    /// Reads a fleet; each part may be left out.
    public init(from decoder: any Decoder) throws {
        let values = try decoder.container(keyedBy: CodingKeys.self)
        self.init(
            balancers: try values.decodeIfPresent(Int.self, forKey: .balancers) ?? 1,
            seed: try values.decodeIfPresent(UInt64.self, forKey: .seed) ?? 0)
    }
}
