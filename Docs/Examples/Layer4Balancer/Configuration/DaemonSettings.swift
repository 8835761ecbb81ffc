import PacketForwarding

/// The threads that forward.
struct WorkerSettings: Hashable, Sendable, Decodable {
    /// How many.
    var count = 1
    /// The cores that they stay on, in order; none for any.
    var cores: [Int] = []
    /// Whether a worker without packets waits; one that does not keeps its core busy.
    var waits = true
    /// Whether the kernel lets in only what may be forwarded.
    var filters = true

    enum CodingKeys: String, CodingKey, CaseIterable {
        case count, cores, waits, filters
    }

    init() {}

    init(from decoder: any Decoder) throws {
        let values = try decoder.container(keyedBy: CodingKeys.self)
        count = try values.decodeIfPresent(Int.self, forKey: .count) ?? count
        cores = try values.decodeIfPresent([Int].self, forKey: .cores) ?? cores
        waits = try values.decodeIfPresent(Bool.self, forKey: .waits) ?? waits
        filters = try values.decodeIfPresent(Bool.self, forKey: .filters) ?? filters
    }

    func options(_ ring: RingSettings) -> WorkerOptions {
        WorkerOptions(count: count, cores: cores, waits: waits, filters: filters, link: ring.options)
    }
}

/// How links share memory with the kernel, as ``PacketLinkOptions`` with any of them left out.
struct RingSettings: Hashable, Sendable, Decodable {
    var options = PacketLinkOptions()

    enum CodingKeys: String, CodingKey, CaseIterable {
        case mode, slotCount, slotByteCount, largeSlotCount, blockCount, blockByteCount, batch, bypassesQueue
    }

    init() {}

    init(from decoder: any Decoder) throws {
        let values = try decoder.container(keyedBy: CodingKeys.self)
        options.mode = try values.decodeIfPresent(ReceiveMode.self, forKey: .mode) ?? options.mode
        for (key, place) in [
            (CodingKeys.slotCount, \PacketLinkOptions.slotCount), (.slotByteCount, \.slotByteCount),
            (.largeSlotCount, \.largeSlotCount), (.blockCount, \.blockCount), (.blockByteCount, \.blockByteCount),
            (.batch, \.batch),
        ] {
            options[keyPath: place] = try values.decodeIfPresent(Int.self, forKey: key) ?? options[keyPath: place]
        }
        options.bypassesQueue =
            try values.decodeIfPresent(Bool.self, forKey: .bypassesQueue) ?? options.bypassesQueue
    }
}

/// What happens before the daemon ends, and how long it may take.
struct LeavingSettings: Hashable, Sendable, Decodable {
    /// Seconds that connections have to end.
    var drainSeconds = 30.0
    /// The program that is run, with its arguments, once packets flow; it may announce a route.
    var arriveCommand: [String] = []
    /// The program that is run, with its arguments, before connections are waited for; it may withdraw a route.
    var withdrawCommand: [String] = []

    enum CodingKeys: String, CodingKey, CaseIterable {
        case drainSeconds, arriveCommand, withdrawCommand
    }

    init() {}

    init(from decoder: any Decoder) throws {
        let values = try decoder.container(keyedBy: CodingKeys.self)
        drainSeconds = try values.decodeIfPresent(Double.self, forKey: .drainSeconds) ?? drainSeconds
        arriveCommand = try values.decodeIfPresent([String].self, forKey: .arriveCommand) ?? []
        withdrawCommand = try values.decodeIfPresent([String].self, forKey: .withdrawCommand) ?? []
    }
}

/// How many dropped packets are kept to be looked at, and how much of each.
struct CaptureSettings: Hashable, Sendable, Decodable {
    /// Packets of each reason, the latest ones.
    var packets = 64
    /// Bytes of each packet, from its Ethernet header on.
    var bytes = 256

    enum CodingKeys: String, CodingKey, CaseIterable {
        case packets, bytes
    }

    init() {}

    init(from decoder: any Decoder) throws {
        let values = try decoder.container(keyedBy: CodingKeys.self)
        packets = try values.decodeIfPresent(Int.self, forKey: .packets) ?? packets
        bytes = try values.decodeIfPresent(Int.self, forKey: .bytes) ?? bytes
    }
}
