import LoadBalancing
import PacketForwarding

/// What a script makes of a configuration, and how large its engine is.
struct EngineShape: OptionSet {
    let rawValue: UInt8

    /// There is room for a few flows only.
    static let fewFlows = EngineShape(rawValue: 0x01)
    /// There is room for a few services, backends and fragments only.
    static let smallCapacity = EngineShape(rawValue: 0x02)
    /// The engine may answer nobody.
    static let noAnswers = EngineShape(rawValue: 0x04)
    /// The first backend of each service is on a link of its own, through which less fits.
    static let twoLinks = EngineShape(rawValue: 0x08)
    /// Options of services are the other way round.
    static let otherOptions = EngineShape(rawValue: 0x10)
    /// Services are of another mode.
    static let otherMode = EngineShape(rawValue: 0x20)
    /// The last backend of each service is missing.
    static let fewerBackends = EngineShape(rawValue: 0x40)
    /// All services and backends have other names.
    static let otherNames = EngineShape(rawValue: 0x80)

    /// The configuration of a number, changed.
    func applied(to number: UInt8) -> ForwardingConfiguration {
        var configuration = Seed.cases[Int(number) % Seed.cases.count].config
        configuration.limits.flows = min(configuration.limits.flows, contains(.fewFlows) ? 3 : 64)
        if contains(.noAnswers) { configuration.limits.answersPerSecond = 0 }
        for index in configuration.services.indices { change(&configuration.services[index], configuration) }
        if contains(.twoLinks) { addLink(to: &configuration) }
        return configuration
    }

    private func change(_ service: inout ServiceConfiguration, _ configuration: ForwardingConfiguration) {
        if contains(.fewerBackends) { service.backends = Array(service.backends.dropLast()) }
        if contains(.otherNames) {
            service.name += "'"
            for index in service.backends.indices { service.backends[index].name += "'" }
        }
        if contains(.otherMode) {
            service.mode =
                switch service.mode {
                case .nat, .fullNAT: .dsr
                case .dsr: .nat
                case .ipip: .gre
                case .gre: .gue
                case .gue: .ipip
                }
            service.sourceAddresses = []
            service.sourcePorts = nil
            guard let port = service.port, !service.mode.isNAT else { return }
            for index in service.backends.indices { service.backends[index].port = port }
        }
        if contains(.otherOptions) {
            service.fragmentInner = service.mode.isTunnel && !service.fragmentInner
            service.resetOnFailure = service.transport == .tcp && !service.resetOnFailure
            if service.transport == .tcp { service.clampMSS = service.clampMSS == nil ? 500 : nil }
            service.scheduler = service.scheduler == .maglev ? .policy(.leastConnections) : .maglev
        }
    }

    private func addLink(to configuration: inout ForwardingConfiguration) {
        let backends = Set(configuration.services.compactMap(\.backends.first?.address))
        var link = InterfaceConfiguration(name: "another", mac: MACAddress(bits: 0x02_FFFF_FFFF_01), mtu: 900)
        link.addresses = backends.compactMap { InterfaceAddress($0, bitCount: $0.bitWidth) }
        configuration.interfaces.append(link)
        configuration.neighbours += backends.map {
            NeighbourConfiguration(address: $0, mac: MACAddress(bits: 0x02_FFFF_FFFF_02), interface: "another")
        }
    }

    /// How large the engine may grow.
    var capacity: EngineCapacity {
        contains(.smallCapacity)
            ? EngineCapacity(services: 1, backends: 2, fragments: 2, sourceGroups: 1)
            : EngineCapacity(services: 16, backends: 64, fragments: 16, sourceGroups: 16)
    }
}
