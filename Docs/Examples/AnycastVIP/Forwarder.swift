#if os(Linux)
    import Foundation
    import LoadBalancing
    import PacketForwarding

    /// Hands packets for the service's address to the servers, by direct server return.
    ///
    /// By Maglev all sites choose alike without telling each other anything: a connection whose packets come to another site
    /// from one moment to the next goes on with the server that it has.
    final class Forwarder: Sendable {
        private static let service = "anycast"
        private let control: ForwardingControl
        private let workers: ForwardingWorkers

        init(_ site: SiteFile) throws {
            guard let address = IPPrefix(site.address) else {
                throw SiteError(description: "\"\(site.address)\" is no address")
            }
            guard let interface = try HostNetwork.read().interfaceConfiguration(of: site.interface) else {
                throw SiteError(description: "there is no interface \(site.interface)")
            }
            var service = ServiceConfiguration(
                name: Self.service, transport: .tcp, address: address, port: site.port, mode: .dsr, scheduler: .maglev)
            service.backends = try site.backends.map { server in
                guard let address = IPAddress(server.address) else {
                    throw SiteError(description: "\"\(server.address)\" of server \"\(server.name)\" is no address")
                }
                return BackendConfiguration(name: server.name, address: address, port: site.port)
            }
            // Routers send the packets here: on the link nobody is told whose the address is.
            service.announce = []
            control = try ForwardingControl(ForwardingConfiguration(interfaces: [interface], services: [service]))
            workers = try ForwardingWorkers(control)
        }

        /// Forwards on threads of its own for as long as the program runs.
        func start() throws {
            try workers.start()
            Thread.detachNewThread { [control] in
                do {
                    try NeighbourService(control).run { false }
                } catch {
                    complain("\(error)")
                    exit(1)
                }
            }
        }

        /// Why nothing is forwarded any more; `nil` while all is well.
        var failure: (any Error)? { workers.failure }

        /// Sends a server new connections, or nothing any more.
        func set(_ server: String, isUp: Bool) {
            control.set(isUp ? .up : .down, backend: server, of: Self.service)
        }
    }
#endif
