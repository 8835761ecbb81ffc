import PacketForwarding

/// A case of a file of packet vectors: a configuration, and what an engine does at each step.
struct PacketCase: Decodable {
    let name: String
    let config: ForwardingConfiguration
    let steps: [PacketStep]
}

/// A packet that comes, or something that the engine is told.
enum PacketStep: Decodable {
    case packet(PacketArrival)
    case control(at: Double, PacketControl)

    private enum CodingKeys: String, CodingKey {
        case at, control
    }

    init(from decoder: any Decoder) throws {
        let values = try decoder.container(keyedBy: CodingKeys.self)
        if let control = try values.decodeIfPresent(PacketControl.self, forKey: .control) {
            self = .control(at: try values.decode(Double.self, forKey: .at), control)
        } else {
            self = .packet(try PacketArrival(from: decoder))
        }
    }

    /// The engine's clock, in seconds.
    var time: Double {
        switch self {
        case .packet(let arrival): arrival.at
        case .control(let at, _): at
        }
    }
}

/// A frame that comes in on an interface, and what is to come of it.
struct PacketArrival: Decodable {
    let at: Double
    let interface: String
    let frame: HexBytes
    let expect: PacketOutcome

    private enum CodingKeys: String, CodingKey {
        case at, interface, expect
        case frame = "in"
    }
}

/// What control says: one of these.
struct PacketControl: Decodable {
    let drain: String?
    let down: String?
    let up: String?
    let weight: [String: Int]?
}

/// What is to come of a frame.
enum PacketOutcome: Decodable {
    case sent([ExpectedFrame])
    case pass
    case drop(String, [ExpectedFrame])

    private enum CodingKeys: String, CodingKey {
        case verdict, reason, frames
    }

    init(from decoder: any Decoder) throws {
        guard let values = try? decoder.container(keyedBy: CodingKeys.self) else {
            self = .sent(try [ExpectedFrame](from: decoder))
            return
        }
        switch try values.decode(String.self, forKey: .verdict) {
        case "pass": self = .pass
        case "drop":
            self = .drop(
                try values.decode(String.self, forKey: .reason),
                try values.decodeIfPresent([ExpectedFrame].self, forKey: .frames) ?? [])
        case let verdict:
            throw DecodingError.dataCorruptedError(
                forKey: .verdict, in: values, debugDescription: "there is no verdict \"\(verdict)\"")
        }
    }
}

/// A frame that is to be sent: equal byte for byte, except where it says otherwise.
struct ExpectedFrame: Decodable {
    struct Range: Decodable {
        let at: ByteSpan
        let from: UInt64
        let to: UInt64
    }

    struct Choice: Decodable {
        let at: ByteSpan
        let of: [HexBytes]
    }

    struct Equal: Decodable {
        let at: ByteSpan
        let step: Int
    }

    let interface: String
    let out: HexBytes
    let ignore: [ByteSpan]?
    let range: [Range]?
    let choice: [Choice]?
    let equal: [Equal]?
}

/// Bytes of a frame, written as `[start, end]`; the end is not among them.
struct ByteSpan: Decodable {
    let bytes: Swift.Range<Int>

    init(from decoder: any Decoder) throws {
        let ends = try [Int](from: decoder)
        guard ends.count == 2, ends[0] >= 0, ends[0] <= ends[1] else {
            throw DecodingError.dataCorrupted(
                DecodingError.Context(
                    codingPath: decoder.codingPath, debugDescription: "a span is two numbers, the second not the lesser"
                ))
        }
        bytes = ends[0]..<ends[1]
    }
}

/// Bytes written as hexadecimal text.
struct HexBytes: Decodable, Hashable {
    let bytes: [UInt8]

    init(from decoder: any Decoder) throws {
        let container = try decoder.singleValueContainer()
        let digits = try container.decode(String.self).utf8.map { UInt8(String(UnicodeScalar($0)), radix: 16) }
        guard digits.count % 2 == 0 else {
            throw DecodingError.dataCorruptedError(in: container, debugDescription: "half a byte is left over")
        }
        bytes = try stride(from: 0, to: digits.count, by: 2).map { place in
            guard let high = digits[place], let low = digits[place + 1] else {
                throw DecodingError.dataCorruptedError(in: container, debugDescription: "no hexadecimal text")
            }
            return high << 4 | low
        }
    }
}
