import LoadBalancing

/// Whether a service makes sense.
extension ServiceConfiguration {
    func check(in configuration: ForwardingConfiguration) throws(ForwardingConfigurationError) {
        try checkHosts()
        try checkAddress()
        try checkBackends(in: configuration)
        try checkTable()
        try checkSources(in: configuration)
        try checkOptions()
        for name in announce ?? [] { try configuration.checkInterface(name, "announce", of: self.name) }
        let seconds = 0.001...86_400.0 * 30
        try checkRange(timeouts.tcpHandshake, seconds, "timeouts.tcpHandshake", of: name)
        try checkRange(timeouts.tcpEstablished, seconds, "timeouts.tcpEstablished", of: name)
        try checkRange(timeouts.tcpClosing, seconds, "timeouts.tcpClosing", of: name)
        try checkRange(timeouts.udp, seconds, "timeouts.udp", of: name)
        try checkRange(timeouts.fragment, seconds, "timeouts.fragment", of: name)
        for (limit, field) in [(flows, "flows"), (halfOpen, "halfOpen"), (adopted, "adopted")] {
            if let limit { try checkRange(limit, 0...configuration.limits.flows, field, of: name) }
        }
    }

    private func checkBackends(in configuration: ForwardingConfiguration) throws(ForwardingConfigurationError) {
        try checkRange(backends.count, 0...1 << 20, "backends", of: name)
        var names: Set<String> = []
        var serverIDs: Set<UInt64> = []
        var ends: [Endpoint: String] = [:]
        for backend in backends {
            guard names.insert(backend.name).inserted else {
                throw problem(.duplicate(of: "the name \"\(backend.name)\" of another backend"), "backends.name")
            }
            if let other = ends.updateValue(backend.name, forKey: Endpoint(backend.address, backend.port)) {
                throw problem(.duplicate(of: "that of backend \"\(other)\""), "backends.address")
            }
            try checkRange(backend.weight, 0...1 << 31, "backends.weight", of: name)
            if !mode.isTunnel, backend.address.version != address.address.version {
                throw problem(
                    .wrongVersion(address: "\(backend.address)", other: "\(address)"), "backends.address")
            }
            if mode.isTunnel, configuration.tunnelSource.address(of: backend.address.version) == nil {
                throw problem(
                    .missing("set the source of outer headers to \(backend.address) there"), "tunnelSource")
            }
            if !mode.isNAT, let port, backend.port != port {
                throw problem(
                    .unsuitable("\(backend.port) is not the service's \(port), which \(mode.rawValue) does not change"),
                    "backends.port")
            }
            guard let serverID = backend.serverID else { continue }
            guard let layout = quicConnectionID, layout.holds(serverID) else {
                throw problem(
                    .unsuitable("\(serverID) does not fit the service's quicConnectionID"), "backends.serverID")
            }
            guard serverIDs.insert(serverID).inserted else {
                throw problem(.duplicate(of: "the number of another backend"), "backends.serverID")
            }
        }
    }

    /// Whether the table of hashes can be made of the backends.
    func checkTable() throws(ForwardingConfigurationError) {
        let kind = ServiceTableKind(self)
        if tableSize != nil, case .other(let name) = kind {
            throw problem(
                .unsuitable("\(name.rawValue) has no table of rows; leave it out, or use maglev"), "tableSize")
        }
        do throws(BackendSetError) {
            try kind.policy.check(weightedNames)
        } catch {
            var text = error.description
            if case .unsuitable(let reason) = error.reason { text = reason }
            throw problem(.unsuitable(text), tableSize == nil ? "backends.weight" : "tableSize")
        }
    }

    /// Answers come from one address and port, so clients must send to one.
    private func checkAddress() throws(ForwardingConfigurationError) {
        guard mode.isNAT else { return }
        guard address.bitCount == address.address.bitWidth else {
            throw problem(
                .unsuitable(
                    "\(mode.rawValue) answers from one address, not from any of \(address); make a service of each address, or "
                        + "use dsr or a tunnel"), "address")
        }
        guard port != nil else {
            throw problem(
                .missing("\(mode.rawValue) answers from one port; name it, or use dsr or a tunnel for all of them"),
                "port")
        }
    }

    /// Packets go to hosts and come from them.
    private func checkHosts() throws(ForwardingConfigurationError) {
        let isSingle = address.bitCount == address.address.bitWidth
        let all =
            (isSingle ? [(address.address, "address")] : []) + backends.map { ($0.address, "backends.address") }
            + sourceAddresses.map { ($0, "sourceAddresses") }
        for (address, field) in all {
            guard !address.isMulticast, !address.isUnspecified, address != IPAddress(v4: 0xFFFF_FFFF) else {
                throw problem(.unsuitable("\(address) is no host's address; use one that is"), field)
            }
        }
        guard isSingle, backends.contains(where: { $0.address == address.address }) else { return }
        throw problem(
            .unsuitable("\(address.address) is the service's own; use the address that a server has beside it"),
            "backends.address")
    }

    private func checkSources(
        in configuration: ForwardingConfiguration
    ) throws(ForwardingConfigurationError) {
        guard mode == .fullNAT else {
            guard sourceAddresses.isEmpty, sourcePorts == nil else {
                throw problem(.unsuitable("only full-nat has sources"), "sourceAddresses")
            }
            return
        }
        guard !sourceAddresses.isEmpty else {
            throw problem(.missing("give the addresses that backends are to see"), "sourceAddresses")
        }
        for source in sourceAddresses where source.version != address.address.version {
            throw problem(.wrongVersion(address: "\(source)", other: "\(address)"), "sourceAddresses")
        }
        guard Set(sourceAddresses).count == sourceAddresses.count else {
            throw problem(.duplicate(of: "another one of them"), "sourceAddresses")
        }
        for source in sourceAddresses {
            guard let other = configuration.services.first(where: { $0.address.contains(source) }) else { continue }
            throw problem(
                .unsuitable("\(source) is what clients of service \"\(other.name)\" send to; use another one"),
                "sourceAddresses")
        }
        guard let ports = sourcePorts else {
            throw problem(.missing("give the first and the last port that backends are to see"), "sourcePorts")
        }
        guard ports.first > 0, ports.count > 0 else {
            throw problem(
                .outOfRange(value: "[\(ports.first), \(ports.last)]", range: "[1, 65535] or less"), "sourcePorts")
        }
    }

    private func checkOptions() throws(ForwardingConfigurationError) {
        guard transport == .tcp || (!resetOnFailure && clampMSS == nil) else {
            throw problem(
                .unsuitable("UDP has no segments"), resetOnFailure ? "resetOnFailure" : "clampMSS")
        }
        guard mode.isTunnel || !fragmentInner else {
            throw problem(.unsuitable("only tunnels have packets inside"), "fragmentInner")
        }
        if let clampMSS { try checkRange(clampMSS, 88...65_495, "clampMSS", of: name) }
        if let layout = quicConnectionID {
            guard transport == .udp else { throw problem(.unsuitable("QUIC runs over UDP"), "quicConnectionID") }
            // The longest connection ID of QUIC v1 and v2 has 20 bytes (RFC 9000 §17.2, RFC 9369).
            switch layout.form {
            case .fixed(let offset, let length):
                try checkRange(length, 1...8, "quicConnectionID.length", of: name)
                try checkRange(offset, 0...20 - length, "quicConnectionID.offset", of: name)
            case .katran: break
            case .loadBalancers(let configuration, let length):
                try checkRange(configuration, 0...6, "quicConnectionID.configuration", of: name)
                try checkRange(length, 1...8, "quicConnectionID.length", of: name)
            }
        }
        if let persistence {
            try checkRange(persistence.ipv4PrefixLength, 0...32, "persistence.ipv4PrefixLength", of: name)
            try checkRange(persistence.ipv6PrefixLength, 0...128, "persistence.ipv6PrefixLength", of: name)
            try checkRange(persistence.timeout, 0.001...86_400.0 * 30, "persistence.timeout", of: name)
        }
    }

    private func problem(
        _ problem: ForwardingConfigurationError.Problem, _ field: String
    ) -> ForwardingConfigurationError {
        ForwardingConfigurationError(problem, field: field, service: name)
    }

    func warnings(in configuration: ForwardingConfiguration) -> [ForwardingConfigurationWarning] {
        var texts: [(field: String, text: String)] = []
        if configuration.fleet.balancers > 1 {
            if !scheduler.isStateless {
                texts.append(
                    (
                        "scheduler",
                        "the balancers of a fleet choose alike only by a hash of the packet; with \(scheduler), a flow whose "
                            + "path moves to another balancer may get another backend and break: use maglev"
                    ))
            }
            if mode.isNAT {
                texts.append(
                    (
                        "mode",
                        "a flow of \(mode.rawValue) lives on the balancer that began it and breaks when its path moves to "
                            + "another one: keep paths still, or use dsr or a tunnel"
                    ))
            }
            if persistence != nil {
                texts.append(
                    ("persistence", "each balancer of a fleet remembers only its own clients: use source-hash"))
            }
        }
        if backends.allSatisfy({ $0.weight == 0 }) {
            texts.append(("backends", "nobody takes new flows: give a backend a weight"))
        }
        return texts.map { ForwardingConfigurationWarning(service: name, field: $0.field, text: $0.text) }
    }
}
