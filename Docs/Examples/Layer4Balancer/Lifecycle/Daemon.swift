import Foundation
import LoadBalancing
import PacketForwarding

/// The daemon: what is in force, who changes it, and how it ends.
actor Daemon {
    /// Why the daemon ends.
    enum Farewell: Sendable {
        /// It waits until connections have ended.
        case drained
        /// At once; flows stay in their folder.
        case atOnce
    }

    let path: String
    var settings: DaemonConfiguration
    /// The services as the file has them, on the host as it is.
    var forwarding: ForwardingConfiguration
    let forwarder: Forwarder
    var board = HealthBoard()
    /// What administrators have said, by service and backend.
    var orders: [String: [String: BackendOrder]] = [:]
    var leaving = LeavingBackends()
    /// The configuration that workers were last told.
    var toldConfiguration: ForwardingConfiguration?
    /// The states that workers were told, of backends by service, name and address, which they remember too until one is removed.
    var toldStates: [String: BackendState] = [:]
    /// How backends stand, by service and in its order.
    var standings: [String: [BackendStanding]] = [:]
    /// Whether clients are no longer asked to come here.
    var isWithdrawn = false
    /// What is wrong with the host's network, why links cannot be opened, and why the workers cannot be told what is to be.
    var hostFault: String?
    var linkFault: String?
    var tellFault: String?
    /// How many who gave an order wait for a backend's last flow.
    var waiters = 0
    /// Whether somebody has asked a second time for the end.
    var isInAHurry = false
    private let farewells: AsyncStream<Farewell>.Continuation
    let wishes: AsyncStream<Farewell>

    /// Begins to forward.
    ///
    /// - Throws: what is not as it should be, in words that say what to do.
    init(_ path: String) throws {
        self.path = path
        settings = try ConfigurationFile.read(path)
        let host = try HostFacts.read()
        let forwarding = try settings.forwarding(on: host.network)
        self.forwarding = forwarding
        for warning in settings.warnings(on: host, forwarding) { Log.say(warning) }
        // Before anything is forwarded, because another balancer may be forwarding the same.
        try Listener.expectNobody(at: settings.control)
        forwarder = try Forwarder.start(forwarding, settings)
        (wishes, farewells) = AsyncStream.makeStream(of: Farewell.self)
    }

    /// Serves until a signal or an order says otherwise, and leaves in good order.
    func run() async throws {
        board.listener = { [weak self] service, event in
            if let text = Self.text(of: event) { Log.say("service \"\(service)\": \(text)") }
            await self?.refresh()
        }
        board.update(settings.services, tunnelSource: settings.tunnelSource)
        refresh()
        let control = try ControlServer.listen(at: settings.control) { [weak self] request in
            await self?.answer(request) ?? ControlReply(error: "the daemon ends")
        }
        defer { control.stop() }
        let statistics = try settings.statistics.map { text in
            try StatisticsServer.listen(
                StatisticsAddress(text).place,
                StatisticsServer.Pages(
                    isReady: { [weak self] in await self?.isReady ?? false },
                    metrics: { [weak self] in await self?.metrics ?? "" }))
        }
        defer { statistics?.stop() }
        let signals = Signals.stream(SIGHUP, SIGTERM, SIGINT)
        let tasks = [
            Task { await self.heed(signals) },
            Task { await self.watch() },
        ]
        defer { for task in tasks { task.cancel() } }
        await Command.run(settings.leaving.arriveCommand, within: .seconds(10), as: "arriveCommand")
        ServiceNotification.send("READY=1")
        Log.say("ready")
        await leave()
        board.endAll()
        forwarder.stop()
        Log.say("gone")
    }

    /// Whether clients may be sent here.
    var isReady: Bool { !isWithdrawn && hostFault == nil && forwarder.failure == nil }

    /// What Prometheus would scrape.
    var metrics: String {
        StatisticsText(
            snapshot: forwarder.snapshot, interfaces: settings.interfaces, links: forwarder.links,
            isReady: isReady, isOutgrown: forwarder.isOutgrown, standings: standings, configuration: forwarding
        ).text
    }

    /// Asks the daemon to end.
    func end(_ farewell: Farewell) {
        farewells.yield(farewell)
    }

    private static func text(of event: BalancerEvent.Kind) -> String? {
        switch event {
        case .healthChanged(let id, let before, let now):
            "backend \(id) is \(now.rawValue)" + (before.map { ", was \($0.rawValue)" } ?? "")
        case .panicBegan(let healthy, let count): "only \(healthy) of \(count) are healthy: health is ignored"
        case .panicEnded(let healthy, let count): "\(healthy) of \(count) are healthy: health counts again"
        default: nil
        }
    }
}
