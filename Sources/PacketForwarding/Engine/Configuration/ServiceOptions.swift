/// The source ports of full NAT, both ends included.
public struct SourcePortRange: Hashable, Sendable, Codable {
    /// The lowest.
    public var first: UInt16
    /// The highest.
    public var last: UInt16

    /// The ports from `first` to `last`.
    public init(_ first: UInt16, _ last: UInt16) {
        self.first = first
        self.last = last
    }

    /// How many there are; none if they are the wrong way round.
    public var count: Int { max(0, Int(last) - Int(first) + 1) }

    /// Reads `[first, last]`.
    public init(from decoder: any Decoder) throws {
        let ends = try [UInt16](from: decoder)
        guard ends.count == 2 else {
            throw DecodingError.dataCorrupted(
                DecodingError.Context(
                    codingPath: decoder.codingPath, debugDescription: "source ports are two: the first and the last"))
        }
        self.init(ends[0], ends[1])
    }

    /// Writes `[first, last]`.
    public func encode(to encoder: any Encoder) throws {
        try [first, last].encode(to: encoder)
    }
}

/// How long flows live without a packet, in seconds.
public struct TimeoutConfiguration: Hashable, Sendable, Codable {
    /// TCP before it is established.
    public var tcpHandshake: Double
    /// TCP, established.
    public var tcpEstablished: Double
    /// TCP after FIN or RST.
    public var tcpClosing: Double
    /// UDP.
    public var udp: Double
    /// What is known of a datagram's first fragment.
    public var fragment: Double

    /// Timeouts, those of IPVS unless you say otherwise; a fragment waits for 5 s, many times what reordering takes.
    public init(
        tcpHandshake: Double = 60, tcpEstablished: Double = 900, tcpClosing: Double = 120, udp: Double = 300,
        fragment: Double = 5
    ) {
        self.tcpHandshake = tcpHandshake
        self.tcpEstablished = tcpEstablished
        self.tcpClosing = tcpClosing
        self.udp = udp
        self.fragment = fragment
    }

    /// Reads timeouts; each may be left out.
    public init(from decoder: any Decoder) throws {
        let values = try decoder.container(keyedBy: CodingKeys.self)
        let standard = TimeoutConfiguration()
        self.init(
            tcpHandshake: try values.decodeIfPresent(Double.self, forKey: .tcpHandshake) ?? standard.tcpHandshake,
            tcpEstablished: try values.decodeIfPresent(Double.self, forKey: .tcpEstablished)
                ?? standard.tcpEstablished,
            tcpClosing: try values.decodeIfPresent(Double.self, forKey: .tcpClosing) ?? standard.tcpClosing,
            udp: try values.decodeIfPresent(Double.self, forKey: .udp) ?? standard.udp,
            fragment: try values.decodeIfPresent(Double.self, forKey: .fragment) ?? standard.fragment)
    }
}

/// Clients of one prefix go to one backend for a while, whatever the scheduler says.
public struct PersistenceConfiguration: Hashable, Sendable, Codable {
    /// Bits of an IPv4 client's address that count.
    public var ipv4PrefixLength: Int
    /// Bits of an IPv6 client's address that count.
    public var ipv6PrefixLength: Int
    /// Seconds from the last new flow on.
    public var timeout: Double

    /// Persistence of single clients, or of prefixes.
    public init(ipv4PrefixLength: Int = 32, ipv6PrefixLength: Int = 128, timeout: Double) {
        self.ipv4PrefixLength = ipv4PrefixLength
        self.ipv6PrefixLength = ipv6PrefixLength
        self.timeout = timeout
    }

    /// Reads persistence; the prefix lengths may be left out.
    public init(from decoder: any Decoder) throws {
        let values = try decoder.container(keyedBy: CodingKeys.self)
        self.init(
            ipv4PrefixLength: try values.decodeIfPresent(Int.self, forKey: .ipv4PrefixLength) ?? 32,
            ipv6PrefixLength: try values.decodeIfPresent(Int.self, forKey: .ipv6PrefixLength) ?? 128,
            timeout: try values.decode(Double.self, forKey: .timeout))
    }
}
