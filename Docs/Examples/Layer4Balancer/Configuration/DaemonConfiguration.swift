import LoadBalancing
import PacketForwarding

/// All that the daemon is told by its file.
///
/// Interfaces are only named: their station addresses, MTU and routes are read from the host.
struct DaemonConfiguration: Hashable, Sendable {
    /// The interfaces that packets come in on and go out of.
    var interfaces: [String]
    /// The sources of outer headers.
    var tunnelSource: TunnelSource
    /// What is bounded for all services together.
    var limits: ForwardingLimits
    /// The balancers that serve the same addresses.
    var fleet: FleetConfiguration
    /// What is forwarded.
    var services: [ServiceSettings]
    /// The threads that forward.
    var workers: WorkerSettings
    /// How links share memory with the kernel.
    var ring: RingSettings
    /// The path of the control socket.
    var control: String
    /// Where statistics are served: `127.0.0.1:9108`, `[::1]:9108` or `unix:/path`; `nil` for nowhere.
    var statistics: String?
    /// A folder on a tmpfs that keeps flows from one process to the next; `nil` to forget them.
    var flowMemory: String?
    /// What happens before the daemon ends.
    var leaving: LeavingSettings
    /// Whether packets to services are dropped before the host's own stack gets them, which nobody can see from here.
    var dropsBeforeStack: Bool
    /// How many dropped packets are kept to be looked at.
    var capture: CaptureSettings
}

extension DaemonConfiguration: Decodable {
    enum CodingKeys: String, CodingKey, CaseIterable {
        case interfaces, tunnelSource, limits, fleet, services, workers, ring, control, statistics, flowMemory, leaving
        case dropsBeforeStack, capture
    }

    init(from decoder: any Decoder) throws {
        let values = try decoder.container(keyedBy: CodingKeys.self)
        interfaces = try values.decode([String].self, forKey: .interfaces)
        tunnelSource = try values.decodeIfPresent(TunnelSource.self, forKey: .tunnelSource) ?? TunnelSource()
        limits = try values.decodeIfPresent(ForwardingLimits.self, forKey: .limits) ?? ForwardingLimits()
        fleet = try values.decodeIfPresent(FleetConfiguration.self, forKey: .fleet) ?? FleetConfiguration()
        services = try values.decode([ServiceSettings].self, forKey: .services)
        workers = try values.decodeIfPresent(WorkerSettings.self, forKey: .workers) ?? WorkerSettings()
        ring = try values.decodeIfPresent(RingSettings.self, forKey: .ring) ?? RingSettings()
        control = try values.decodeIfPresent(String.self, forKey: .control) ?? Self.standardControl
        statistics = try values.decodeIfPresent(String.self, forKey: .statistics)
        flowMemory = try values.decodeIfPresent(String.self, forKey: .flowMemory)
        leaving = try values.decodeIfPresent(LeavingSettings.self, forKey: .leaving) ?? LeavingSettings()
        dropsBeforeStack = try values.decodeIfPresent(Bool.self, forKey: .dropsBeforeStack) ?? false
        capture = try values.decodeIfPresent(CaptureSettings.self, forKey: .capture) ?? CaptureSettings()
    }

    /// Where the control socket is unless the file says otherwise.
    static let standardControl = "/run/layer4balancer/control.sock"
}
