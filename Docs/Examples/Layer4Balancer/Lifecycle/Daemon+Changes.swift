import Foundation
import LoadBalancing
import PacketForwarding

/// What changes while the daemon serves: by signals, by the host, by the file, by health.
extension Daemon {
    func heed(_ signals: AsyncStream<CInt>) async {
        for await signal in signals {
            switch signal {
            case SIGHUP:
                ServiceNotification.reloading()
                do {
                    try reload()
                    Log.say("reloaded")
                } catch {
                    Log.say("not reloaded: \(path): \(error)")
                }
                ServiceNotification.send("READY=1")
            case SIGTERM: end(.drained)
            default: end(.atOnce)
            }
        }
    }

    /// Looks after what nobody tells: the host's network, the workers, and backends that leave.
    func watch() async {
        let changes = try? HostNetworkChanges()
        let names = settings.interfaces
        var numbers = (try? HostNetwork.read())?.numbers(of: names) ?? []
        var opened = numbers
        while !Task.isCancelled {
            try? await Task.sleep(for: .milliseconds(250))
            if changes?.take() ?? true, let host = try? HostNetwork.read() {
                note(host)
                numbers = host.numbers(of: names)
            }
            // An interface that has come back is another one to the kernel, and may be another station.
            if !numbers.contains(nil), numbers != opened || forwarder.failure != nil {
                refresh()
                if reopen() { opened = numbers }
            }
            forwarder.capture.allowMore()
            if !leaving.isEmpty { leaving.removeThose(without: forwarder.snapshot, at: BootTime.now) }
            refresh()
        }
    }

    /// Opens the links anew; whether they could be.
    private func reopen() -> Bool {
        do {
            try forwarder.reopen()
            linkFault = nil
            Log.say("links were opened anew")
            return true
        } catch {
            if linkFault != "\(error)" { Log.say("links cannot be opened: \(error)") }
            linkFault = "\(error)"
            return false
        }
    }

    /// Goes on with the host as it is now.
    private func note(_ host: HostNetwork) {
        do throws(ConfigurationError) {
            forwarding = try settings.forwarding(on: host)
            if hostFault != nil { Log.say("the network is as it should be again") }
            hostFault = nil
        } catch {
            if hostFault != error.description { Log.say("\(error)") }
            hostFault = error.description
        }
    }

    /// Takes the file as it is now; flows go on, and backends that are no longer in it drain.
    ///
    /// An interface that is gone is in nobody's way: what concerns it holds when it comes back.
    ///
    /// - Throws: what is wrong with it, which flows it would cost, or why the forwarder has no room for it; what was in force
    ///   then stays.
    func reload() throws {
        let next = try ConfigurationFile.read(path)
        try next.checkReload(from: settings)
        let host = try HostFacts.read()
        let forwarding = try next.forwarding(on: host.network, besides: self.forwarding.interfaces)
        let before = (settings, self.forwarding, leaving)
        let (old, _) = leaving.joining(self.forwarding.services)
        leaving.add(
            from: self.forwarding.services, to: forwarding.services,
            until: BootTime.now.advanced(by: .seconds(next.leaving.drainSeconds)))
        if let lost = LostFlows(from: old, to: leaving.joining(forwarding.services).services, forwarder.snapshot) {
            leaving = before.2
            throw lost.error
        }
        settings = next
        self.forwarding = forwarding
        board.update(next.services, tunnelSource: next.tunnelSource)
        do {
            try putInForce()
        } catch {
            (settings, self.forwarding, leaving) = before
            board.update(settings.services, tunnelSource: settings.tunnelSource)
            refresh()
            throw error
        }
        for warning in next.warnings(on: host, forwarding) { Log.say(warning) }
    }

    /// Tells the workers what is to be, if that has changed, or the log why it cannot be.
    func refresh() {
        do {
            try putInForce()
            tellFault = nil
        } catch {
            if tellFault != "\(error)" { Log.say("not changed: \(error)") }
            tellFault = "\(error)"
        }
    }

    /// Tells the workers what is to be, if that has changed.
    ///
    /// - Throws: why it cannot be; what was in force then stays.
    private func putInForce() throws {
        var configuration = forwarding
        let (services, leaving) = leaving.joining(configuration.services)
        configuration.services = services
        var states: [String: [String: BackendState]] = [:]
        for index in configuration.services.indices {
            let name = configuration.services[index].name
            let standings = BackendStanding.all(
                of: configuration.services[index], orders: orders[name] ?? [:], health: board.snapshot(of: name))
            self.standings[name] = standings
            for (place, standing) in standings.enumerated() {
                let backend = configuration.services[index].backends[place].name
                let isLeaving = leaving[name]?.contains(backend) ?? false
                configuration.services[index].backends[place].weight = isLeaving ? 0 : standing.weight
                states[name, default: [:]][backend] = isLeaving ? .draining : standing.state
            }
            if isWithdrawn { configuration.services[index].announce = [] }
        }
        try tell(configuration, states)
    }

    private func tell(_ configuration: ForwardingConfiguration, _ states: [String: [String: BackendState]]) throws {
        if toldConfiguration != configuration {
            guard try forwarder.update(configuration) else { return }
            toldConfiguration = configuration
            let present = Set(
                configuration.services.flatMap { service in service.backends.map { service.key(of: $0) } })
            toldStates = toldStates.filter { present.contains($0.key) }
        }
        for service in configuration.services {
            for backend in service.backends {
                let key = service.key(of: backend)
                let state = states[service.name]?[backend.name] ?? .up
                guard toldStates[key] ?? .up != state else { continue }
                toldStates[key] = state
                forwarder.control.set(state, backend: backend.name, of: service.name)
            }
        }
    }
}

extension ServiceConfiguration {
    /// What a backend is known by among all services'.
    fileprivate func key(of backend: BackendConfiguration) -> String { "\(name) \(backend.name) \(backend.endpoint)" }
}

extension HostNetwork {
    /// The kernel's numbers of interfaces; `nil` for one that is not there.
    fileprivate func numbers(of names: [String]) -> [UInt32?] {
        names.map { name in interfaces.first { $0.value.name == name }?.key }
    }
}
