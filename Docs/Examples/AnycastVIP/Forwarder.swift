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
        private let interface: String

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
            self.interface = site.interface
        }

        /// Forwards on threads of its own for as long as the program runs.
        func start() {
            run { [control, interface] in
                try ForwardingWorker(control, interfaces: [interface]).run { false }
            }
            run { [control] in try NeighbourService(control).run { false } }
        }

        /// Sends a server new connections, or nothing any more.
        func set(_ server: String, isUp: Bool) {
            control.set(isUp ? .up : .down, backend: server, of: Self.service)
        }

        private func run(_ body: @escaping @Sendable () throws -> Void) {
            Thread.detachNewThread {
                do {
                    try body()
                } catch {
                    complain("\(error)")
                    exit(1)
                }
            }
        }
    }
#endif
