import LoadBalancing
import PacketForwarding

/// A service as the file has it: what the engine is told of it, and how its backends are looked after.
struct ServiceSettings: Hashable, Sendable {
    /// What the engine is told.
    var forwarding: ServiceConfiguration
    /// How its backends are probed; `nil` for not at all.
    var health: HealthSettings?
    /// Seconds until a backend that is new or was away has its whole share; 0 for at once.
    var slowStart: Double
    /// The part of the backends that has to be healthy, or else health is ignored; 0 for never.
    var panicThreshold: Double

    var name: String { forwarding.name }
}

extension ServiceSettings: Decodable {
    enum CodingKeys: String, CodingKey, CaseIterable {
        case health, slowStart, panicThreshold
    }

    init(from decoder: any Decoder) throws {
        forwarding = try ServiceConfiguration(from: decoder)
        let values = try decoder.container(keyedBy: CodingKeys.self)
        health = try values.decodeIfPresent(HealthSettings.self, forKey: .health)
        slowStart = try values.decodeIfPresent(Double.self, forKey: .slowStart) ?? 0
        panicThreshold = try values.decodeIfPresent(Double.self, forKey: .panicThreshold) ?? 0
    }
}

extension ServiceSettings {
    /// - Throws: ``ConfigurationError`` for the first thing that is wrong with what the engine is not told.
    func check() throws(ConfigurationError) {
        let place = "service \"\(name)\""
        guard (0...86_400).contains(slowStart) else {
            throw ConfigurationError("\(place), slowStart", "\(slowStart) is out of range; use 0 to 86400 seconds")
        }
        guard (0...1).contains(panicThreshold) else {
            throw ConfigurationError("\(place), panicThreshold", "\(panicThreshold) is out of range; use 0 to 1")
        }
        try health?.check(of: forwarding)
    }

    /// The rules by which health becomes admission.
    var resilience: Resilience {
        Resilience(
            panicThreshold: panicThreshold,
            slowStart: slowStart > 0 ? SlowStart(window: .seconds(slowStart)) : nil,
            healthChecks: health?.checks ?? HealthChecks())
    }
}
