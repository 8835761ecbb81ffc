import PacketForwarding

/// A lab with everything that a scenario needs: balancers, servers, and the ends of tunnels.
final class Stage {
    let lab: Lab
    let mode: ServiceMode
    var balancers: [Balancer] = []
    private var servers: [EchoServer] = []
    private var decapsulators: [Decapsulator] = []

    /// Builds it all; returns when packets flow.
    init(
        _ mode: ServiceMode, balancers: Int = 1, backends: Int = 2, links: LabLinks = LabLinks(),
        settings: (Lab) -> [String: Any] = { _ in [:] }, adjust: Balancer.Adjustment = { _ in }
    ) throws {
        self.mode = mode
        lab = try Lab(
            balancers: balancers, backends: backends, links: links, answersByBalancer: mode == .nat)
        do {
            servers = try lab.backends.map { try EchoServer($0) }
            if mode.isTunnel { decapsulators = try lab.backends.map { try Decapsulator($0) } }
            for number in 0..<balancers {
                self.balancers.append(
                    try Balancer(lab, number, modes: [mode], settings: settings(lab), adjust: adjust))
            }
        } catch {
            remove()
            throw error
        }
    }

    func address(_ version: IPVersion = .v4) -> String { LabService.of(mode).address(version) }

    /// The addresses of both versions.
    var addresses: [String] { [address(.v4), address(.v6)] }

    /// What the daemon calls the echo service.
    var service: String { "\(mode.rawValue)-v4-tcp-7" }

    /// What the daemon calls the echo services of both versions.
    var services: [String] { [service, "\(mode.rawValue)-v6-tcp-7"] }

    func remove() {
        for balancer in balancers { balancer.end() }
        for decapsulator in decapsulators { decapsulator.end() }
        for server in servers { server.end() }
        lab.remove()
    }

    /// Builds a stage for as long as `body` runs.
    static func with(
        _ mode: ServiceMode, balancers: Int = 1, backends: Int = 2, links: LabLinks = LabLinks(),
        settings: (Lab) -> [String: Any] = { _ in [:] }, adjust: Balancer.Adjustment = { _ in },
        _ body: (Stage) throws -> [Finding]
    ) throws -> [Finding] {
        let stage = try Stage(
            mode, balancers: balancers, backends: backends, links: links, settings: settings, adjust: adjust)
        defer { stage.remove() }
        return try body(stage)
    }
}
