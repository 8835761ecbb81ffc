import LoadBalancing
import PacketForwarding

/// How the backends of a service are probed.
struct HealthSettings: Hashable, Sendable {
    /// What a probe does.
    enum Kind: String, Hashable, Sendable, Codable {
        /// Opens a connection.
        case tcp
        /// Asks for a page: 200 to 399 is healthy, 503 is a server that is about to go.
        case http
        /// Sends a datagram and waits for any other, or for one that begins as ``HealthSettings/expects`` says.
        case udp
        /// Sends an echo request.
        case icmp
    }

    /// Which way a probe takes.
    enum Way: String, Hashable, Sendable, Codable {
        /// To the backend's own address.
        case address
        /// Through the service's tunnel to the service's address, as clients' packets do; TCP no further than to the backend's
        /// SYN and ACK, and UDP.
        case tunnel
    }

    var probe: Kind
    var through: Way
    /// The port; `nil` for the backend's own.
    var port: UInt16?
    /// HTTP: what is asked for.
    var path: String
    /// HTTP: the host's name; `nil` for the backend's address.
    var host: String?
    /// UDP: what is sent.
    var payload: String
    /// UDP: how an answer begins.
    var expects: String
    /// How often, and what answers mean.
    var checks: HealthChecks
}

extension HealthSettings: Decodable {
    enum CodingKeys: String, CodingKey, CaseIterable {
        case probe, through, port, path, host, payload, expects, interval, fastInterval, timeout, rise, fall
    }

    init(from decoder: any Decoder) throws {
        let values = try decoder.container(keyedBy: CodingKeys.self)
        probe = try values.decode(Kind.self, forKey: .probe)
        through = try values.decodeIfPresent(Way.self, forKey: .through) ?? .address
        port = try values.decodeIfPresent(UInt16.self, forKey: .port)
        path = try values.decodeIfPresent(String.self, forKey: .path) ?? "/"
        host = try values.decodeIfPresent(String.self, forKey: .host)
        payload = try values.decodeIfPresent(String.self, forKey: .payload) ?? "health"
        expects = try values.decodeIfPresent(String.self, forKey: .expects) ?? ""
        checks = HealthChecks()
        for (key, place) in [
            (CodingKeys.interval, \HealthChecks.interval), (.fastInterval, \.fastInterval), (.timeout, \.timeout),
        ] {
            guard let seconds = try values.decodeIfPresent(Double.self, forKey: key) else { continue }
            guard (0.001...86_400).contains(seconds) else {
                throw DecodingError.dataCorruptedError(
                    forKey: key, in: values, debugDescription: "\(seconds) is out of range; use 0.001 to 86400 seconds")
            }
            checks[keyPath: place] = .seconds(seconds)
        }
        checks.rise = try values.decodeIfPresent(Int.self, forKey: .rise) ?? checks.rise
        checks.fall = try values.decodeIfPresent(Int.self, forKey: .fall) ?? checks.fall
    }

    /// - Throws: ``ConfigurationError`` if a probe cannot be what it is said to be.
    func check(of service: ServiceConfiguration) throws(ConfigurationError) {
        let place = "service \"\(service.name)\", health"
        guard (1...1_000).contains(checks.rise), (1...1_000).contains(checks.fall) else {
            throw ConfigurationError("\(place).rise and fall", "out of range; use 1 to 1000")
        }
        guard path.hasPrefix("/"), !path.contains(where: \.isWhitespace) else {
            throw ConfigurationError("\(place).path", "\"\(path)\" is not a path; begin it with / and leave no spaces")
        }
        guard port ?? service.port != 0 else {
            throw ConfigurationError("\(place).port", "0 is no port; name the one that the probe is to reach")
        }
        guard through == .tunnel else { return }
        guard service.mode.isTunnel else {
            throw ConfigurationError("\(place).through", "\(service.mode.rawValue) has no tunnel; use \"address\"")
        }
        guard probe == .tcp && service.transport == .tcp || probe == .udp && service.transport == .udp else {
            throw ConfigurationError(
                "\(place).through",
                "only \"tcp\" probes of TCP services, and \"udp\" of UDP services, go through tunnels")
        }
    }
}
