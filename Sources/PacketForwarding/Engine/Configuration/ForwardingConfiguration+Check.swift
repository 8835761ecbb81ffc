/// Whether a configuration makes sense.
extension ForwardingConfiguration {
    /// Checks everything that can be known before a packet comes.
    ///
    /// - Returns: what is allowed and yet likely to be a mistake.
    /// - Throws: ``ForwardingConfigurationError`` for the first thing that is wrong.
    @discardableResult
    public func check() throws(ForwardingConfigurationError) -> [ForwardingConfigurationWarning] {
        try checkLinks()
        try checkRange(limits.flows, 1...1 << 30, "limits.flows")
        try checkRange(limits.answersPerSecond, 0...1_000_000_000, "limits.answersPerSecond")
        try checkRange(limits.sourcePortRest, 0...3_600, "limits.sourcePortRest")
        try checkRange(fleet.balancers, 1...65_536, "fleet.balancers")
        for (value, name) in [(limits.halfOpen, "halfOpen"), (limits.adopted, "adopted")] {
            if let value { try checkRange(value, 0...limits.flows, "limits.\(name)") }
        }
        try checkRange(services.count, 0...65_535, "services")
        var places: [ServicePlace: String] = [:]
        var names: Set<String> = []
        for service in services {
            guard names.insert(service.name).inserted else {
                throw ForwardingConfigurationError(
                    .duplicate(of: "the name of another service"), field: "name", service: service.name)
            }
            if let other = places.updateValue(service.name, forKey: ServicePlace(service)) {
                throw ForwardingConfigurationError(
                    .duplicate(of: "service \"\(other)\""), field: "address", service: service.name)
            }
            try service.check(in: self)
        }
        return services.flatMap { $0.warnings(in: self) }
    }

    private func checkLinks() throws(ForwardingConfigurationError) {
        try checkRange(interfaces.count, 1...65_535, "interfaces")
        var names: Set<String> = []
        for interface in interfaces {
            guard names.insert(interface.name).inserted else {
                throw ForwardingConfigurationError(
                    .duplicate(of: "the name of another interface"), field: "interfaces.name")
            }
            try checkRange(interface.mtu, 68...65_535, "interfaces.mtu")
            guard !interface.mac.isGroup else {
                throw ForwardingConfigurationError(
                    .unsuitable("\(interface.mac) means a group of stations; use the interface's own address"),
                    field: "interfaces.mac")
            }
        }
        for neighbour in neighbours { try checkInterface(neighbour.interface, "neighbours.interface") }
        for route in routes {
            try checkInterface(route.interface, "routes.interface")
            guard let gateway = route.gateway else {
                guard route.destination == nil else { continue }
                throw ForwardingConfigurationError(
                    .missing("a route needs it, or a prefix in `to` whose stations are on the link"),
                    field: "routes.via")
            }
            // IPv4 goes through a station with an IPv6 address as well (RFC 8950), but not the other way round.
            if let destination = route.destination, destination.address.version == .v6, gateway.version == .v4 {
                throw ForwardingConfigurationError(
                    .wrongVersion(address: "\(gateway)", other: "\(destination)"), field: "routes.via")
            }
        }
        for (source, version) in [(tunnelSource.ipv4, IPVersion.v4), (tunnelSource.ipv6, .v6)] {
            guard let source, source.version != version else { continue }
            throw ForwardingConfigurationError(
                .wrongVersion(address: "\(source)", other: version == .v4 ? "ipv4" : "ipv6"), field: "tunnelSource")
        }
        for (prefix, version) in [(tunnelSource.ipv4Prefix, IPVersion.v4), (tunnelSource.ipv6Prefix, .v6)] {
            guard let prefix, prefix.address.version != version else { continue }
            throw ForwardingConfigurationError(
                .wrongVersion(address: "\(prefix)", other: version == .v4 ? "ipv4Prefix" : "ipv6Prefix"),
                field: "tunnelSource")
        }
    }

    func checkInterface(
        _ name: String, _ field: String, of service: String? = nil
    ) throws(ForwardingConfigurationError) {
        guard interfaces.contains(where: { $0.name == name }) else {
            throw ForwardingConfigurationError(.unknownInterface(name), field: field, service: service)
        }
    }
}

/// Throws unless a value is in a range.
func checkRange<Value: Comparable>(
    _ value: Value, _ range: ClosedRange<Value>, _ field: String, of service: String? = nil
) throws(ForwardingConfigurationError) {
    guard range.contains(value) else {
        throw ForwardingConfigurationError(
            .outOfRange(value: "\(value)", range: "\(range.lowerBound) to \(range.upperBound)"), field: field,
            service: service)
    }
}

/// What no two services may have in common.
private struct ServicePlace: Hashable {
    let transport: ServiceTransport
    let address: IPPrefix
    let port: UInt16?

    init(_ service: ServiceConfiguration) {
        transport = service.transport
        address = service.address
        port = service.port
    }
}
